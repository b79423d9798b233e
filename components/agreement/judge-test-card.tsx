'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card, CardHeader } from '@/components/ui';
import { Select } from '@/components/ui/field';
import { Stat, StatRow } from '@/components/ui/stat';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { JudgeTest } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { useFigureWords } from './use-figure-words';

const KINDS = { crowd: 0.1, trained: 0.15, experts: 0.2 } as const;
type Kind = keyof typeof KINDS;

/** A model may stand in for a person from this winning rate on. */
const ENOUGH = 0.5;

/** The alternative annotator test of one model, with the choices that it depends on. */
export function JudgeTestCard({
  tests,
  name,
  nameOf,
}: {
  tests: readonly JudgeTest[];
  name: string;
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('agreement');
  const { formatNumber, formatPercent } = useFormats();
  const { decimals, reasonWords } = useFigureWords();
  const [kind, setKind] = useState<Kind>('crowd');
  const [countTies, setCountTies] = useState(true);
  const test = tests.find((one) => one.epsilon === KINDS[kind] && one.countTies === countTies);
  if (!test) return null;
  const { winningRate, advantage, people } = test;
  const share = (value: number | null) => (value === null ? '—' : formatPercent(value));
  const verdict =
    winningRate.value === null
      ? t('judges.cannotTell', { reason: reasonWords(winningRate) })
      : t(winningRate.value >= ENOUGH ? 'judges.may' : 'judges.mayNot', { rate: formatPercent(winningRate.value) });
  const csv = () => [
    [t('judges.person'), t('prompts'), t('judges.advantage'), t('judges.pValue'), t('judges.won')],
    ...people.map((one) => [
      nameOf(one.annotatorId),
      one.prompts,
      one.advantage.value,
      one.pValue.value,
      t(one.won ? 'judges.yes' : 'judges.no'),
    ]),
  ];
  const title = t('judges.testOf', { name });
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={title}
        description={t('judges.testHint')}
        actions={<CsvButton name="alternative-annotator-test" rows={csv} />}
      />
      <div className="grid gap-4 px-5 pb-5">
        <p role="status" className="font-medium">
          {verdict}
        </p>
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label={t('judges.beside')}
            value={kind}
            onChange={(event) => setKind(event.target.value as Kind)}
            options={(Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: t(`judges.epsilons.${value}`) }))}
          />
          <Select
            label={t('judges.ties')}
            value={countTies ? 'count' : 'leave-out'}
            onChange={(event) => setCountTies(event.target.value === 'count')}
            options={[
              { value: 'count', label: t('judges.withTies') },
              { value: 'leave-out', label: t('judges.withoutTies') },
            ]}
          />
        </div>
        <StatRow>
          <Stat label={t('judges.winningRate')} value={share(winningRate.value)} />
          <Stat label={t('judges.advantage')} value={share(advantage.value)} note={t('judges.advantageNote')} />
        </StatRow>
      </div>
      {people.length > 0 ? (
        <Table caption={title}>
          <thead>
            <tr>
              <Th>{t('judges.person')}</Th>
              <Th numeric>{t('prompts')}</Th>
              <Th numeric>{t('judges.advantage')}</Th>
              <Th numeric>{t('judges.pValue')}</Th>
              <Th>{t('judges.won')}</Th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.annotatorId}>
                <RowTh className="min-w-32 wrap-anywhere">
                  <bdi>{nameOf(one.annotatorId)}</bdi>
                </RowTh>
                <Td numeric>{formatNumber(one.prompts)}</Td>
                <Td numeric>{share(one.advantage.value)}</Td>
                <Td numeric>{one.pValue.value === null ? '—' : decimals(one.pValue.value)}</Td>
                <Td className="min-w-32">
                  {one.pValue.value === null
                    ? t('judges.notTested', { reason: reasonWords(one.pValue) })
                    : t(one.won ? 'judges.yes' : 'judges.no')}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      ) : null}
    </Card>
  );
}
