'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo } from 'react';
import { RerankView } from '@/components/rerank/rerank-view';
import { ErrorState, LoadingState, Notice, Page, PageHeader, Tabs } from '@/components/ui';
import { useApi, useInvalidate } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { RunAnswer } from '@/lib/schemas/run-answers';
import { hasTrainedWeights, type RunStatus } from '@/trainer/contract/run-status';
import { EvaluationCard } from './evaluation-card';
import { LiveRunCard } from './live-run-card';
import { runPath, runsPath } from './run-api';
import { RunFiles } from './run-files';
import { hasEnded, mergeMetrics, type RunProgress, withFinalAccuracy } from './run-progress';
import { RunSettings } from './run-settings';
import { RunStatusBadge } from './run-status';
import { RunStatusCard } from './run-status-card';
import { useCurrentRun } from './run-store';
import { TrainingCurves } from './training-curves';
import { useRunStatus } from './use-run-status';

/** The page of a run: live if it trains in this tab, else as the server stores it. */
export function RunPage({ projectId, runId }: { projectId: string; runId: string }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('train');
  const session = useCurrentRun();
  const live = session?.runId === runId ? session : null;
  const isLive = live !== null && !hasEnded(live);
  const { data, error, refetch } = useApi<RunAnswer>(runPath(runId), {
    refetchMs: (answer) => (isLive ? 10_000 : answer?.run.status === 'running' ? 3000 : false),
  });
  const statusOf = useRunStatus();
  useReloadAtEnd(live, projectId);

  const router = useRouter();
  const tab = useSearchParams().get('tab') === 'rerank' ? 'rerank' : 'overview';
  const selectTab = (id: string) =>
    router.replace(id === 'overview' ? `/projects/${projectId}/runs/${runId}` : `?tab=${id}`, { scroll: false });

  if (error) {
    return (
      <Page>
        <ErrorState title={t('loadFailed')} error={error} onRetry={() => refetch()} />
      </Page>
    );
  }
  if (data === undefined) {
    return (
      <Page>
        <LoadingState label={t('loadingRun')} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        eyebrow={t('runOnSnapshot', { snapshotName: data.run.snapshotName })}
        title={
          <span className="flex flex-wrap items-center gap-3">
            {t('runCreatedAt', { number: data.run.number, createdAt: formatDateTime(data.run.createdAt) })}
            <RunStatusBadge status={isLive ? 'running' : statusOf(data.run)} />
          </span>
        }
      />
      <Tabs
        label={t('runViews')}
        selected={tab}
        onSelect={selectTab}
        items={[
          {
            id: 'overview',
            label: t('training'),
            content: <Overview answer={data} status={statusOf(data.run)} live={live} />,
          },
          {
            id: 'rerank',
            label: t('reRank'),
            content: <RerankView runId={runId} evaluation={data.evaluation} />,
          },
        ]}
      />
    </Page>
  );
}

function Overview({ answer, status, live }: { answer: RunAnswer; status: RunStatus; live: RunProgress | null }) {
  const t = useTranslations('train');
  const metrics = useMemo(
    () => withFinalAccuracy(mergeMetrics(answer.metrics, live?.metrics ?? []), answer.evaluation),
    [answer, live?.metrics],
  );
  return (
    <div className="grid gap-6">
      {live !== null && !hasEnded(live) ? (
        <LiveRunCard progress={live} />
      ) : (
        <RunStatusCard answer={answer} status={status} failure={live?.error ?? null} />
      )}
      {answer.evaluation ? <EvaluationCard evaluation={answer.evaluation} config={answer.run.config} /> : null}
      {metrics.length > 0 ? (
        <TrainingCurves metrics={metrics} />
      ) : hasTrainedWeights(answer.run.status) ? (
        <Notice>{t('noCurves')}</Notice>
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <RunSettings run={answer.run} />
        <RunFiles answer={answer} />
      </div>
    </div>
  );
}

/** Reloads runs, models and scores when the run of this tab ends. */
function useReloadAtEnd(live: RunProgress | null, projectId: string): void {
  const invalidate = useInvalidate();
  const ended = live !== null && hasEnded(live);
  const runId = live?.runId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: invalidate is new at every render and does the same
  useEffect(() => {
    if (ended && runId) void invalidate(runPath(runId), runsPath(projectId), '/models', `/projects/${projectId}`);
  }, [ended, runId, projectId]);
}
