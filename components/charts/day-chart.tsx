'use client';

import { useMemo } from 'react';
import { LineChart, type LineChartProps } from './line-chart';

type DayChartProps = Omit<LineChartProps, 'xs' | 'formatX' | 'points'> & {
  /** Calendar days such as 2026-11-23, in order. */
  readonly days: readonly string[];
  readonly formatDay: (day: string) => string;
};

/** One point a day. */
export function DayChart({ days, formatDay, ...props }: DayChartProps) {
  const xs = useMemo(() => days.map((_, i) => i), [days]);
  return <LineChart {...props} xs={xs} formatX={(x) => (days[x] === undefined ? '' : formatDay(days[x]))} points />;
}
