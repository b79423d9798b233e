'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { DURATION_ENDS } from '@/lib/ranking/work/durations';
import type { ProgressAnswer } from '@/lib/schemas/progress';
import { TableBehind } from './table-behind';

/** How long prompts take: a bar for each span of time, the median, and each person's quartiles. */
export function TimeCard({
  durations: { annotators, median, bars },
  nameOf,
}: {
  durations: ProgressAnswer['durations'];
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('progress');
  const { formatDuration, formatNumber } = useFormats();
  if (median === null) return null;
  const most = bars.reduce((largest, one) => Math.max(largest, one), 1);
  const inWords = (seconds: number) => formatDuration(seconds * 1000);
  const spanWords = (bar: number) => {
    const [from, to] = [DURATION_ENDS[bar - 1] ?? 0, DURATION_ENDS[bar]];
    return to === undefined
      ? t('longerThan', { from: inWords(from) })
      : t('fromTo', { from: inWords(from), to: inWords(to) });
  };
  return (
    <Card className="grid gap-4">
      <CardHeader title={t('timeTitle')} description={t('timeHint', { median: inWords(median) })} />
      <ul className="grid gap-1.5 text-sm">
        {bars.map((prompts, bar) => (
          <li key={spanWords(bar)} className="grid grid-cols-[8.5rem_minmax(0,1fr)_3.5rem] items-center gap-3">
            <span className="text-[0.8125rem] text-soft">{spanWords(bar)}</span>
            <span
              aria-hidden="true"
              className="h-4 rounded-sm bg-accent/70"
              style={{ width: `${(100 * prompts) / most}%` }}
            />
            <span className="tabular text-end">{formatNumber(prompts)}</span>
          </li>
        ))}
      </ul>
      <TableBehind
        name="time-per-prompt"
        caption={t('timeTitle')}
        head={[t('annotator'), t('prompts'), t('median'), t('lowerQuarter'), t('upperQuarter'), t('allTime')]}
        rows={annotators.map(({ annotatorId, prompts, median: own, low, high, seconds }) => [
          nameOf(annotatorId),
          prompts,
          own,
          low,
          high,
          seconds,
        ])}
        show={(value, column) => (column > 1 && typeof value === 'number' ? inWords(value) : value)}
      />
    </Card>
  );
}
