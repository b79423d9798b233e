'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { RerankView } from '@/components/rerank/rerank-view';
import { ErrorState, LoadingState, Notice, Page, PageHeader, Tabs } from '@/components/ui';
import { useApi, useInvalidate } from '@/components/ui/api';
import { formatDateTime } from '@/components/ui/format';
import { EvaluationCard } from './evaluation-card';
import { LiveRunCard } from './live-run-card';
import { type RunAnswer, runPath, runsPath } from './run-api';
import { RunFiles } from './run-files';
import { hasEnded, mergeMetrics, type RunProgress } from './run-progress';
import { useRunSession } from './run-session';
import { RunSettings } from './run-settings';
import { RunStatusBadge } from './run-status';
import { RunStatusCard } from './run-status-card';
import { TrainingCurves } from './training-curves';

/** One run: live when it trains in this tab, as the server knows it otherwise. */
export function RunPage({ projectId, runId }: { projectId: string; runId: string }) {
  const session = useRunSession();
  const live = session?.runId === runId ? session : null;
  const isLive = live !== null && !hasEnded(live);
  const { data, error, refetch } = useApi<RunAnswer>(runPath(runId), {
    refetchMs: (answer) => (isLive ? 10_000 : answer?.run.status === 'running' ? 3000 : false),
  });
  useReloadAtEnd(live, projectId);

  const router = useRouter();
  const tab = useSearchParams().get('tab') === 'rerank' ? 'rerank' : 'overview';
  const selectTab = (id: string) =>
    router.replace(id === 'overview' ? `/projects/${projectId}/runs/${runId}` : `?tab=${id}`, { scroll: false });

  if (error) {
    return (
      <Page>
        <ErrorState title="The run could not be loaded" error={error} onRetry={() => refetch()} />
      </Page>
    );
  }
  if (data === undefined) {
    return (
      <Page>
        <LoadingState label="Loading the run" />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        eyebrow={`Run on ${data.run.snapshotName}`}
        title={
          <span className="flex flex-wrap items-center gap-3">
            Run of {formatDateTime(data.run.createdAt)}
            <RunStatusBadge status={isLive ? 'running' : data.run.status} />
          </span>
        }
      />
      <Tabs
        label="Views of this run"
        selected={tab}
        onSelect={selectTab}
        items={[
          { id: 'overview', label: 'Training', content: <Overview answer={data} live={live} /> },
          {
            id: 'rerank',
            label: 'Re-rank',
            content: <RerankView runId={runId} evaluation={data.evaluation} />,
          },
        ]}
      />
    </Page>
  );
}

function Overview({ answer, live }: { answer: RunAnswer; live: RunProgress | null }) {
  const metrics = mergeMetrics(answer.metrics, live?.metrics ?? []);
  return (
    <div className="grid gap-6">
      {live !== null && !hasEnded(live) ? (
        <LiveRunCard progress={live} />
      ) : (
        <RunStatusCard answer={answer} failure={live?.error ?? null} />
      )}
      {answer.evaluation ? <EvaluationCard evaluation={answer.evaluation} config={answer.run.config} /> : null}
      {metrics.length > 0 ? (
        <TrainingCurves metrics={metrics} />
      ) : answer.run.status === 'finished' || answer.run.status === 'stopped' ? (
        <Notice>This run ended before its first step, so there are no curves.</Notice>
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <RunSettings run={answer.run} />
        <RunFiles answer={answer} />
      </div>
    </div>
  );
}

/** When the run of this tab ends, everything that shows runs, models or scores is out of date. */
function useReloadAtEnd(live: RunProgress | null, projectId: string): void {
  const invalidate = useInvalidate();
  const ended = live !== null && hasEnded(live);
  const runId = live?.runId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: invalidate is new at every render and does the same
  useEffect(() => {
    if (ended && runId) void invalidate(runPath(runId), runsPath(projectId), '/models', `/projects/${projectId}`);
  }, [ended, runId, projectId]);
}
