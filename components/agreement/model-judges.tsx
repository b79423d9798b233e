'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import { judgeFigureNames, type ModelJudge } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { JudgeTestCard } from './judge-test-card';
import { useFigureWords } from './use-figure-words';

const LABELS = {
  tauX: 'figures.tauX',
  pairAgreement: 'judges.pairAgreement',
  orderedPairAgreement: 'judges.orderedPairAgreement',
  kappa: 'kappa',
} as const;

/** Annotators that are models: how far each agrees with people, and whether it may stand in for one. */
export function ModelJudges({
  judges,
  nameOf,
  areCounted,
}: {
  judges: readonly ModelJudge[];
  nameOf: (id: string) => string;
  /** Whether they also count in the other figures. */
  areCounted: boolean;
}) {
  const t = useTranslations('agreement');
  return (
    <section aria-labelledby="model-judges" className="grid min-w-0 gap-5">
      <div className="grid gap-1">
        <h2 id="model-judges" className="font-semibold text-lg tracking-tight">
          {t('judges.title')}
        </h2>
        <p className="max-w-prose text-sm text-soft">{t(areCounted ? 'judges.counted' : 'judges.hint')}</p>
      </div>
      {judges.map((judge) => (
        <div key={judge.annotatorId} className="grid min-w-0 gap-5">
          <JudgeAgreement judge={judge} name={nameOf(judge.annotatorId)} />
          <JudgeTestCard tests={judge.tests} name={nameOf(judge.annotatorId)} nameOf={nameOf} />
        </div>
      ))}
    </section>
  );
}

function JudgeAgreement({ judge: { prompts, withPeople, amongPeople }, name }: { judge: ModelJudge; name: string }) {
  const t = useTranslations('agreement');
  const { formatNumber } = useFormats();
  const { valueWords, reasonWords } = useFigureWords();
  const csv = () => [
    [t('figure'), t('judges.withPeople'), t('judges.amongPeople')],
    [t('comparisons'), withPeople.comparisons, amongPeople.comparisons],
    ...judgeFigureNames.map((figure) => [t(LABELS[figure]), withPeople[figure].value, amongPeople[figure].value]),
  ];
  const title = t('judges.agreementOf', { name });
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={title}
        description={t('judges.onPrompts', { prompts, name })}
        actions={<CsvButton name="model-judge" rows={csv} />}
      />
      <Table caption={title}>
        <thead>
          <tr>
            <Th>{t('figure')}</Th>
            <Th numeric>{t('judges.withPeople')}</Th>
            <Th numeric>{t('judges.amongPeople')}</Th>
          </tr>
        </thead>
        <tbody>
          {judgeFigureNames.map((figure) => (
            <tr key={figure}>
              <RowTh>{t(LABELS[figure])}</RowTh>
              {[withPeople, amongPeople].map((side, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the two sides never change places
                <Td key={i} numeric>
                  {side[figure].value === null ? (
                    <span className="text-[0.8125rem] text-soft">{reasonWords(side[figure])}</span>
                  ) : (
                    valueWords(side[figure])
                  )}
                </Td>
              ))}
            </tr>
          ))}
          <tr>
            <RowTh>{t('comparisons')}</RowTh>
            <Td numeric>{formatNumber(withPeople.comparisons)}</Td>
            <Td numeric>{formatNumber(amongPeople.comparisons)}</Td>
          </tr>
        </tbody>
      </Table>
    </Card>
  );
}
