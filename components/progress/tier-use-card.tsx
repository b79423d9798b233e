'use client';

import { useTranslations } from 'next-intl';
import { CsvButton } from '@/components/agreement/csv-button';
import { TierUse } from '@/components/agreement/tier-use';
import { Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { ProgressAnswer } from '@/lib/schemas/progress';

/** Which tiers each person uses. */
export function TierUseCard({
  tierUse,
  tiers,
  nameOf,
}: {
  tierUse: ProgressAnswer['tierUse'];
  tiers: readonly string[];
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('progress');
  const { formatPercent } = useFormats();
  const names = (tierUse[0]?.tiers ?? []).map((_, tier) => tiers[tier] ?? t('tierNumber', { number: tier + 1 }));
  if (tierUse.length === 0) return null;
  const share = (counts: readonly number[], tier: number) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? null : counts[tier]! / total;
  };
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t('tierUseTitle')}
        description={t('tierUseHint')}
        actions={
          <CsvButton
            name="tier-use"
            rows={() => [
              [t('annotator'), ...names],
              ...tierUse.map(({ annotatorId, tiers: counts }) => [nameOf(annotatorId), ...counts]),
            ]}
          />
        }
      />
      <Table caption={t('tierUseTitle')}>
        <thead>
          <tr>
            <Th>{t('annotator')}</Th>
            <Th className="w-1/3">{t('tierUseTitle')}</Th>
            {names.map((name) => (
              <Th key={name} numeric>
                <bdi>{name}</bdi>
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tierUse.map(({ annotatorId, tiers: counts }) => (
            <tr key={annotatorId}>
              <RowTh className="min-w-28 wrap-anywhere">
                <bdi>{nameOf(annotatorId)}</bdi>
              </RowTh>
              <Td>
                <TierUse counts={counts} tierName={(tier) => names[tier] ?? ''} />
              </Td>
              {names.map((name, tier) => {
                const own = share(counts, tier);
                return (
                  <Td key={name} numeric>
                    {own === null ? '—' : formatPercent(own)}
                  </Td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
