'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { DayChart } from '@/components/charts/day-chart';
import { Card } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { MeasuredProgress } from '@/lib/schemas/progress';
import { byDay } from './days';
import { TableBehind } from './table-behind';

/** How many judgements were made on each day, by each person. */
export function ThroughputCard({
  days: entries,
  nameOf,
}: {
  days: MeasuredProgress['days'];
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('progress');
  const { formatNumber, formatDay } = useFormats();
  const { people, days } = useMemo(() => byDay(entries), [entries]);
  const [dates, ys] = useMemo(() => [days.map(({ day }) => day), days.map(({ total }) => total)], [days]);
  const most = ys.reduce((largest, one) => Math.max(largest, one), 1);
  if (days.length === 0) return null;
  return (
    <Card className="grid gap-4">
      <DayChart
        title={t('throughputTitle')}
        description={t('throughputHint')}
        xLabel={t('day')}
        latestLabel={t('lastDay')}
        days={dates}
        formatDay={formatDay}
        ys={ys}
        color="var(--color-accent)"
        format={(value) => formatNumber(value)}
        yRange={[0, 1.2 * most]}
      />
      <TableBehind
        name="judgements-by-day"
        caption={t('throughputTitle')}
        head={[t('day'), t('everybody'), ...people.map(nameOf)]}
        rows={days.map(({ day, total, byPerson }) => [day, total, ...byPerson])}
      />
    </Card>
  );
}
