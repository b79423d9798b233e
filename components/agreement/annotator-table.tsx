'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { AnnotatorAgreement } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { TierUse } from './tier-use';
import { useFigureWords } from './use-figure-words';
import { Whisker } from './whisker';

/** Each person with all others, and how he or she uses the tiers. */
export function AnnotatorTable({
  annotators,
  nameOf,
  tiers,
}: {
  annotators: readonly AnnotatorAgreement[];
  nameOf: (id: string) => string;
  tiers: readonly string[];
}) {
  const t = useTranslations('agreement');
  const { formatNumber, formatPercent } = useFormats();
  const { valueWords, intervalWords, reasonWords } = useFigureWords();
  const sorted = [...annotators].sort((a, b) => b.prompts - a.prompts);
  const tierName = (tier: number) => tiers[tier] ?? t('tierNumber', { number: tier + 1 });
  const csv = () => [
    [
      t('annotator'),
      t('prompts'),
      t('comparisons'),
      t('figures.tauX'),
      t('low'),
      t('high'),
      t('figures.sameTier'),
      t('reliability'),
      ...(sorted[0]?.tierUse ?? []).map((_, tier) => tierName(tier)),
    ],
    ...sorted.map((one) => [
      nameOf(one.annotatorId),
      one.prompts,
      one.comparisons,
      one.tauX.value,
      one.tauX.interval?.[0] ?? null,
      one.tauX.interval?.[1] ?? null,
      one.sameTier.value,
      one.reliability,
      ...one.tierUse,
    ]),
  ];
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t('annotatorsTitle')}
        description={t('annotatorsHint')}
        actions={<CsvButton name="annotators" rows={csv} />}
      />
      <Table caption={t('annotatorsTitle')}>
        <thead>
          <tr>
            <Th>{t('annotator')}</Th>
            <Th numeric>{t('prompts')}</Th>
            <Th className="w-1/4">{t('figures.tauX')}</Th>
            <Th numeric>{t('figures.sameTier')}</Th>
            <Th numeric>{t('reliability')}</Th>
            <Th className="w-1/4">{t('tierUse')}</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.annotatorId}>
              <RowTh className="min-w-32 wrap-anywhere">
                <bdi>{nameOf(one.annotatorId)}</bdi>
              </RowTh>
              <Td numeric>{formatNumber(one.prompts)}</Td>
              <Td>
                <Whisker figure={one.tauX} low={-1} high={1} chance={0} />
                <span className="tabular block text-[0.8125rem] text-soft">
                  {one.tauX.value === null ? (
                    reasonWords(one.tauX)
                  ) : (
                    <>
                      <span className="font-medium text-ink">{valueWords(one.tauX)}</span> {intervalWords(one.tauX)}
                    </>
                  )}
                </span>
              </Td>
              <Td numeric>{one.sameTier.value === null ? '—' : formatPercent(one.sameTier.value)}</Td>
              <Td numeric>{one.reliability === null ? '—' : formatPercent(one.reliability)}</Td>
              <Td>
                <TierUse counts={one.tierUse} tierName={tierName} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
