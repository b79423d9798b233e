'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { thinned } from '@/components/charts/series';
import { Card, CardHeader, Table, Td, Th } from '@/components/ui';
import type { RunMetric } from '@/lib/schemas/run';
import { percent } from './accuracy-words';

const LineChart = dynamic(() => import('@/components/charts/line-chart').then((module) => module.LineChart), {
  ssr: false,
  loading: () => <div className="h-60" />,
});

const TABLE_ROWS = 30;
const loss = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 2));
const wholePercent = (value: number) => `${Math.round(value * 100)} %`;

/** The run's three curves, and the same numbers as a table for everybody who reads rather than looks. */
export function TrainingCurves({ metrics }: { metrics: readonly RunMetric[] }) {
  const steps = useMemo(() => metrics.filter(({ step }) => step > 0), [metrics]);
  const xs = useMemo(() => steps.map(({ step }) => step), [steps]);
  const sft = useMemo(() => steps.map(({ sftLoss }) => sftLoss), [steps]);
  const rank = useMemo(() => steps.map(({ rankLoss }) => rankLoss), [steps]);
  const measured = useMemo(() => metrics.filter(({ heldOutAccuracy }) => heldOutAccuracy !== null), [metrics]);
  const accuracyXs = useMemo(() => measured.map(({ step }) => step), [measured]);
  const accuracy = useMemo(() => measured.map(({ heldOutAccuracy }) => heldOutAccuracy), [measured]);

  return (
    <Card className="grid gap-5">
      <CardHeader
        title="Curves"
        description="Faint lines are single steps, strong ones their running mean."
        id="curves"
      />
      <div className="grid gap-x-8 gap-y-7 lg:grid-cols-3">
        <LineChart
          title="SFT loss"
          description="Of the best response, per token. Lower is better."
          xLabel="step"
          xs={xs}
          ys={sft}
          color="var(--color-accent)"
          format={loss}
        />
        <LineChart
          title="Rank loss"
          description="Of responses in the wrong order. Lower is better."
          xLabel="step"
          xs={xs}
          ys={rank}
          color="var(--ramp-5)"
          format={loss}
        />
        <LineChart
          title="Held-out pairwise accuracy"
          description="Pairs ranked right on prompts kept from training."
          xLabel="step"
          xs={accuracyXs}
          ys={accuracy}
          color="var(--color-good)"
          format={wholePercent}
          points
          yRange={[0, 1]}
          reference={{ value: 0.5, label: 'chance' }}
        />
      </div>
      <MetricsTable metrics={metrics} />
    </Card>
  );
}

function MetricsTable({ metrics }: { metrics: readonly RunMetric[] }) {
  const must = metrics.flatMap(({ heldOutAccuracy }, i) => (heldOutAccuracy === null ? [] : [i]));
  const rows = thinned(metrics.length, TABLE_ROWS, must).map((i) => metrics[i]!);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium text-soft hover:text-ink">The curves as a table</summary>
      <div className="mt-3 overflow-hidden rounded-md border border-line">
        <Table caption="Losses and held-out pairwise accuracy by step">
          <thead>
            <tr>
              <Th numeric>Step</Th>
              <Th numeric>SFT loss</Th>
              <Th numeric>Rank loss</Th>
              <Th numeric>Learning rate</Th>
              <Th numeric>Held-out accuracy</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.step}>
                <Td numeric>{row.step === 0 ? 'before' : row.step}</Td>
                <Td numeric>{row.sftLoss === null ? '–' : loss(row.sftLoss)}</Td>
                <Td numeric>{row.rankLoss === null ? '–' : loss(row.rankLoss)}</Td>
                <Td numeric>{row.learningRate === null ? '–' : row.learningRate.toExponential(2)}</Td>
                <Td numeric>{row.heldOutAccuracy === null ? '–' : percent(row.heldOutAccuracy)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {rows.length < metrics.length ? (
        <p className="mt-2 text-faint">
          {rows.length} of {metrics.length} steps.
        </p>
      ) : null}
    </details>
  );
}
