'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { DayChart } from '@/components/charts/day-chart';
import { Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { MeasuredProgress } from '@/lib/schemas/progress';
import { TableBehind } from './table-behind';

interface DayOfGold {
  day: string;
  name: string;
  pairs: number;
  agreed: number;
}

const shareOf = ({ pairs, agreed }: Pick<DayOfGold, 'pairs' | 'agreed'>) => (pairs === 0 ? null : agreed / pairs);

/** Adds up what has the same key, in order of the keys. */
function sumBy(gold: MeasuredProgress['gold'], keyOf: (one: MeasuredProgress['gold'][number]) => string) {
  const sums = new Map<string, { day: string; annotatorId: string; pairs: number; agreed: number }>();
  for (const one of gold) {
    const sum = sums.get(keyOf(one)) ?? { ...one, pairs: 0, agreed: 0 };
    sums.set(keyOf(one), { ...sum, pairs: sum.pairs + one.pairs, agreed: sum.agreed + one.agreed });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** How people do on gold prompts, day by day. */
export function GoldCard({ gold, nameOf }: { gold: MeasuredProgress['gold']; nameOf: (id: string) => string }) {
  const t = useTranslations('progress');
  const { formatPercent, formatDay } = useFormats();
  const days = useMemo(() => sumBy(gold, ({ day }) => day), [gold]);
  const [dates, ys] = useMemo(() => [days.map(({ day }) => day), days.map(shareOf)], [days]);
  if (days.length === 0) {
    return (
      <Card className="grid gap-2">
        <CardHeader title={t('goldTitle')} description={t('goldEmpty')} />
      </Card>
    );
  }
  return (
    <Card className="grid gap-4">
      <DayChart
        title={t('goldTitle')}
        description={t('goldHint')}
        xLabel={t('day')}
        latestLabel={t('lastDay')}
        days={dates}
        formatDay={formatDay}
        ys={ys}
        color="var(--color-good)"
        format={(value) => formatPercent(value)}
        formatTick={(value) => `${Math.round(100 * value)} %`}
        yRange={[0, 1]}
      />
      <TableBehind
        name="gold-by-day"
        caption={t('goldTitle')}
        head={[t('day'), t('annotator'), t('pairs'), t('agreed'), t('share')]}
        rows={sumBy(gold, ({ day, annotatorId }) => `${day} ${annotatorId}`).map((one) => [
          one.day,
          nameOf(one.annotatorId),
          one.pairs,
          one.agreed,
          shareOf(one),
        ])}
        show={(value, column) => (column === 4 && typeof value === 'number' ? formatPercent(value) : value)}
      />
    </Card>
  );
}
