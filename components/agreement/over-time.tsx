'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { DayChart } from '@/components/charts/day-chart';
import { Card } from '@/components/ui';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { AgreementReport } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { useFigureWords } from './use-figure-words';

/** tau_x by the day on which a prompt was last judged. */
export function OverTime({ days }: { days: AgreementReport['overTime'] }) {
  const t = useTranslations('agreement');
  const { formatNumber, formatDay } = useFormats();
  const { valueWords, decimals } = useFigureWords();
  const [dates, ys] = useMemo(() => [days.map(({ day }) => day), days.map(({ tauX }) => tauX.value)], [days]);
  const csv = () => [
    [t('day'), t('comparisons'), t('figures.tauX')],
    ...days.map(({ day, comparisons, tauX }) => [day, comparisons, tauX.value]),
  ];
  return (
    <Card className="grid gap-4">
      <DayChart
        title={t('overTimeTitle')}
        description={t('overTimeHint')}
        xLabel={t('day')}
        latestLabel={t('latest')}
        days={dates}
        formatDay={formatDay}
        ys={ys}
        color="var(--color-accent)"
        format={decimals}
        yRange={[-1, 1]}
        reference={{ value: 0, label: t('chance') }}
      />
      <details>
        <summary className="cursor-pointer text-sm text-soft">{t('asTable')}</summary>
        <div className="mt-3 grid justify-items-start gap-3">
          <CsvButton name="agreement-by-day" rows={csv} />
          <div className="w-full">
            <Table caption={t('overTimeTitle')}>
              <thead>
                <tr>
                  <Th>{t('day')}</Th>
                  <Th numeric>{t('comparisons')}</Th>
                  <Th numeric>{t('figures.tauX')}</Th>
                </tr>
              </thead>
              <tbody>
                {days.map(({ day, comparisons, tauX }) => (
                  <tr key={day}>
                    <Td>{day}</Td>
                    <Td numeric>{formatNumber(comparisons)}</Td>
                    <Td numeric>{valueWords(tauX)}</Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </div>
      </details>
    </Card>
  );
}
