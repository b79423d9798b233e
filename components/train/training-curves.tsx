'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { sampleIndices } from '@/components/charts/series';
import { Card, CardHeader, Table, Td, Th } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { RunMetric } from '@/trainer/contract/run-event';

const LineChart = dynamic(() => import('@/components/charts/line-chart').then((module) => module.LineChart), {
  ssr: false,
  loading: () => <div className="h-60" />,
});

const TABLE_ROWS = 30;
const loss = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 2));

/** The run's three curves, and the same numbers as a table for those who cannot see charts. */
export function TrainingCurves({ metrics }: { metrics: readonly RunMetric[] }) {
  const t = useTranslations('train');
  const { formatPercent } = useFormats();
  const steps = useMemo(() => metrics.filter(({ step }) => step > 0), [metrics]);
  const xs = useMemo(() => steps.map(({ step }) => step), [steps]);
  const sft = useMemo(() => steps.map(({ sftLoss }) => sftLoss), [steps]);
  const rank = useMemo(() => steps.map(({ rankLoss }) => rankLoss), [steps]);
  const measured = useMemo(() => metrics.filter(({ heldOutAccuracy }) => heldOutAccuracy !== null), [metrics]);
  const accuracyXs = useMemo(() => measured.map(({ step }) => step), [measured]);
  const accuracy = useMemo(() => measured.map(({ heldOutAccuracy }) => heldOutAccuracy), [measured]);

  return (
    <Card className="grid gap-5">
      <CardHeader title={t('curves')} description={t('curvesHint')} id="curves" />
      <div className="grid gap-x-8 gap-y-7 lg:grid-cols-3">
        <LineChart
          title={t('sftLoss')}
          description={t('sftLossHint')}
          xLabel={t('stepAxis')}
          latestLabel={t('latest')}
          xs={xs}
          ys={sft}
          color="var(--color-accent)"
          format={loss}
        />
        <LineChart
          title={t('rankLoss')}
          description={t('rankLossHint')}
          xLabel={t('stepAxis')}
          latestLabel={t('latest')}
          xs={xs}
          ys={rank}
          color="var(--color-warn)"
          format={loss}
        />
        <LineChart
          title={t('heldOutPairwiseAccuracy')}
          description={t('pairwiseAccuracyHint')}
          xLabel={t('stepAxis')}
          latestLabel={t('latest')}
          xs={accuracyXs}
          ys={accuracy}
          color="var(--color-good)"
          format={(share) => formatPercent(share, 1)}
          formatTick={(share) => `${Math.round(share * 100)} %`}
          points
          yRange={[0, 1]}
          reference={{ value: 0.5, label: t('chance') }}
        />
      </div>
      <MetricsTable metrics={metrics} />
    </Card>
  );
}

function MetricsTable({ metrics }: { metrics: readonly RunMetric[] }) {
  const t = useTranslations('train');
  const { formatPercent } = useFormats();
  const must = metrics.flatMap(({ heldOutAccuracy }, i) => (heldOutAccuracy === null ? [] : [i]));
  const rows = sampleIndices(metrics.length, TABLE_ROWS, must).map((i) => metrics[i]!);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium text-soft hover:text-ink">{t('curvesAsTable')}</summary>
      <div className="mt-3 overflow-hidden rounded-md border border-line">
        <Table caption={t('curvesCaption')}>
          <thead>
            <tr>
              <Th numeric>{t('step')}</Th>
              <Th numeric>{t('sftLoss')}</Th>
              <Th numeric>{t('rankLoss')}</Th>
              <Th numeric>{t('learningRate')}</Th>
              <Th numeric>{t('heldOutAccuracy')}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.step}>
                <Td numeric>{row.step === 0 ? t('beforeTraining') : row.step}</Td>
                <Td numeric>{row.sftLoss === null ? '–' : loss(row.sftLoss)}</Td>
                <Td numeric>{row.rankLoss === null ? '–' : loss(row.rankLoss)}</Td>
                <Td numeric>{row.learningRate === null ? '–' : row.learningRate.toExponential(2)}</Td>
                <Td numeric>{row.heldOutAccuracy === null ? '–' : formatPercent(row.heldOutAccuracy, 1)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {rows.length < metrics.length ? (
        <p className="mt-2 text-faint">{t('rowsOfSteps', { rows: rows.length, steps: metrics.length })}</p>
      ) : null}
    </details>
  );
}
