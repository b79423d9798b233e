'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Th } from '@/components/ui/table';
import type { PairAgreement } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { useFigureWords } from './use-figure-words';

/** Each two annotators: tau_x as number and colour. */
export function AnnotatorMatrix({
  pairs,
  nameOf,
}: {
  pairs: readonly PairAgreement[];
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('agreement');
  const { valueWords, intervalWords, decimals } = useFigureWords();
  const ids = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b)),
  );
  const byIds = new Map(
    pairs.flatMap((pair) => [
      [JSON.stringify([pair.first, pair.second]), pair] as const,
      [JSON.stringify([pair.second, pair.first]), pair] as const,
    ]),
  );
  const csv = () => [
    [t('annotator'), t('annotator'), t('comparisons'), t('figures.tauX'), t('low'), t('high'), t('kappa')],
    ...pairs.map(({ first, second, comparisons, tauX, kappa }) => [
      nameOf(first),
      nameOf(second),
      comparisons,
      tauX.value,
      tauX.interval?.[0] ?? null,
      tauX.interval?.[1] ?? null,
      kappa.value,
    ]),
  ];
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t('matrixTitle')}
        description={t('matrixHint')}
        actions={<CsvButton name="annotator-pairs" rows={csv} />}
      />
      <Table caption={t('matrixTitle')} className="w-auto">
        <thead>
          <tr>
            <Th>{t('annotator')}</Th>
            {ids.map((id) => (
              <Th key={id} numeric>
                <bdi>{nameOf(id)}</bdi>
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ids.map((row) => (
            <tr key={row}>
              <RowTh className="max-w-48 wrap-anywhere">
                <bdi>{nameOf(row)}</bdi>
              </RowTh>
              {ids.map((column) => {
                const pair = byIds.get(JSON.stringify([row, column]));
                if (!pair) {
                  return (
                    <td
                      key={column}
                      className="border-line border-b px-4 py-2.5 text-end align-top in-[tr:last-child]:border-b-0 text-faint"
                    >
                      <span aria-hidden="true">·</span>
                    </td>
                  );
                }
                const { tauX, kappa, comparisons } = pair;
                return (
                  <td
                    key={column}
                    title={[
                      t('onPrompts', { count: comparisons }),
                      intervalWords(tauX),
                      kappa.value === null ? '' : `${t('kappa')} ${decimals(kappa.value)}`,
                    ]
                      .filter((part) => part !== '')
                      .join('\n')}
                    className="tabular border-line border-b px-4 py-2.5 text-end align-top in-[tr:last-child]:border-b-0"
                    style={{ background: shade(tauX.value) }}
                  >
                    {valueWords(tauX)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** From nothing at 0 to the accent at 1; below 0 towards red. At most half, so that the number keeps its contrast. */
function shade(tau: number | null): string | undefined {
  if (tau === null) return undefined;
  const color = tau >= 0 ? 'var(--color-accent)' : 'var(--color-bad)';
  return `color-mix(in oklab, ${color} ${Math.round(40 * Math.min(1, Math.abs(tau)))}%, transparent)`;
}
