'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { snapshotsPath } from '@/components/snapshots/snapshot-api';
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
import { useApi, useApiList, useInvalidate } from '@/components/ui/api';
import { useIdempotencyKeys, useOneAtATime } from '@/components/ui/idempotency-key';
import type { ModelSummary, ModelsAnswer } from '@/lib/schemas/model';
import type { RunSummary } from '@/lib/schemas/run-answers';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import type { TrainConfig } from '@/trainer/contract/train-config';
import { createRun, runsPath } from './run-api';
import { hasEnded } from './run-progress';
import { startRunSession } from './run-session';
import { useCurrentRun } from './run-store';
import { RunsTable } from './runs-table';
import { TrainForm } from './train-form';

/** The form of a new run, and the list of runs. */
export function TrainPage({ projectId }: { projectId: string }) {
  const t = useTranslations('train');
  const snapshots = useApiList<'snapshots', SnapshotSummary>(snapshotsPath(projectId), 'snapshots');
  const models = useApi<ModelsAnswer>('/models');
  const runs = useApiList<'runs', RunSummary>(runsPath(projectId), 'runs');
  const error = snapshots.error ?? models.error;

  return (
    <Page>
      <PageHeader title={t('train')} description={t('intro')} />
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
          <LoadingState label={t('loadingSnapshotsAndModels')} />
        ) : snapshots.data.snapshots.length === 0 ? (
          <EmptyState
            title={t('nothingToTrainOn')}
            actions={
              <LinkButton href={`/projects/${projectId}/snapshots`} variant="primary">
                {t('goToSnapshots')}
              </LinkButton>
            }
          >
            {t('nothingToTrainOnHint')}
          </EmptyState>
        ) : (
          <NewRun projectId={projectId} snapshots={snapshots.data.snapshots} models={models.data.models} />
        )}
        {runs.data && runs.data.runs.length > 0 ? (
          <Card flush>
            <CardHeader title={t('runs')} className="p-5 pb-4" />
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
  const t = useTranslations('train');
  const asked = useSearchParams().get('snapshot');
  const router = useRouter();
  const invalidate = useInvalidate();
  const session = useCurrentRun();
  const intentions = useIdempotencyKeys();
  const once = useOneAtATime();
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const busy = session !== null && !hasEnded(session);

  const start = async (snapshotId: string, modelId: string, config: TrainConfig) => {
    setStarting(true);
    setFailure(null);
    try {
      const request = { snapshotId, modelId, config };
      const { run } = await createRun(projectId, request, intentions.keyFor(request));
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
          {t.rich('trainsInThisTab', {
            link: (words) => (
              <Link
                className="font-medium text-accent underline"
                href={`/projects/${session.projectId}/runs/${session.runId}`}
              >
                {words}
              </Link>
            ),
          })}
        </Notice>
      ) : null}
      {failure ? <ErrorState title={t('startFailed')} error={failure} /> : null}
      <TrainForm
        snapshots={snapshots}
        models={models}
        initialSnapshotId={snapshots.find(({ id }) => id === asked)?.id ?? snapshots[0]!.id}
        pending={starting}
        disabled={busy}
        onStart={(...chosen) => once(() => start(...chosen))}
      />
    </div>
  );
}
