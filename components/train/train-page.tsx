'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { type SnapshotsAnswer, snapshotsPath } from '@/components/snapshots/snapshot-api';
import {
  Card,
  CardHeader,
  EmptyState,
  ErrorState,
  LinkButton,
  LoadingState,
  Notice,
  Page,
  PageHeader,
} from '@/components/ui';
import { useApi, useInvalidate } from '@/components/ui/api';
import type { ModelSummary } from '@/lib/schemas/model';
import type { RunConfig } from '@/lib/schemas/run';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import { createRun, type ModelsAnswer, type RunsAnswer, runsPath } from './run-api';
import { hasEnded } from './run-progress';
import { startRunSession, useRunSession } from './run-session';
import { RunsTable } from './runs-table';
import { TrainForm } from './train-form';

/** Choose what to train on and how; below, the runs there are. */
export function TrainPage({ projectId }: { projectId: string }) {
  const snapshots = useApi<SnapshotsAnswer>(snapshotsPath(projectId));
  const models = useApi<ModelsAnswer>('/models');
  const runs = useApi<RunsAnswer>(runsPath(projectId));
  const error = snapshots.error ?? models.error;

  return (
    <Page>
      <PageHeader
        title="Train"
        description="Fine-tune a small model on a snapshot, here in your browser: nothing leaves this machine but the results."
      />
      <div className="grid gap-8">
        {error ? (
          <ErrorState
            error={error}
            onRetry={() => {
              void snapshots.refetch();
              void models.refetch();
            }}
          />
        ) : snapshots.data === undefined || models.data === undefined ? (
          <LoadingState label="Loading snapshots and models" />
        ) : snapshots.data.snapshots.length === 0 ? (
          <EmptyState
            title="Nothing to train on yet"
            actions={
              <LinkButton href={`/projects/${projectId}/snapshots`} variant="primary">
                Go to snapshots
              </LinkButton>
            }
          >
            A run trains on a snapshot: annotations frozen into pairs. Create one first.
          </EmptyState>
        ) : (
          <NewRun projectId={projectId} snapshots={snapshots.data.snapshots} models={models.data.models} />
        )}
        {runs.data && runs.data.runs.length > 0 ? (
          <Card flush>
            <CardHeader title="Runs" className="p-5 pb-4" />
            <RunsTable projectId={projectId} runs={runs.data.runs} />
          </Card>
        ) : null}
      </div>
    </Page>
  );
}

function NewRun({
  projectId,
  snapshots,
  models,
}: {
  projectId: string;
  snapshots: readonly SnapshotSummary[];
  models: readonly ModelSummary[];
}) {
  const asked = useSearchParams().get('snapshot');
  const router = useRouter();
  const invalidate = useInvalidate();
  const session = useRunSession();
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const busy = session !== null && !hasEnded(session);

  const start = async (snapshotId: string, modelId: string, config: RunConfig) => {
    setStarting(true);
    setFailure(null);
    try {
      const { run } = await createRun(projectId, { snapshotId, modelId, config });
      await startRunSession(run, { resume: false });
      void invalidate(runsPath(projectId));
      router.push(`/projects/${projectId}/runs/${run.id}`);
    } catch (error) {
      setFailure(error);
      setStarting(false);
    }
  };

  return (
    <div className="grid gap-4">
      {busy ? (
        <Notice>
          A run is training in this tab.{' '}
          <Link
            className="font-medium text-accent underline"
            href={`/projects/${session.projectId}/runs/${session.runId}`}
          >
            Look at it
          </Link>{' '}
          — another can start when it has ended.
        </Notice>
      ) : null}
      {failure ? <ErrorState title="The run was not started" error={failure} /> : null}
      <TrainForm
        snapshots={snapshots}
        models={models}
        initialSnapshotId={snapshots.find(({ id }) => id === asked)?.id ?? snapshots[0]!.id}
        pending={starting}
        disabled={busy}
        onStart={start}
      />
    </div>
  );
}
