'use client';

import { Play, RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, ErrorState, Notice, ProgressBar, useErrorMessage } from '@/components/ui';
import { useApiMutation } from '@/components/ui/api';
import { MessageError } from '@/components/ui/browser-error';
import { useIdempotencyKeys, useOneAtATime } from '@/components/ui/idempotency-key';
import type { RunAnswer, RunSummary } from '@/lib/schemas/run-answers';
import type { RunStatus } from '@/trainer/contract/run-status';
import { createRun, runPath, stopRunElsewhere } from './run-api';
import { startRunSession } from './run-session';
import { CHECKPOINT_FILE } from './worker-messages';

/**
 * The status of a run that does not train in this tab, with the possible actions. `status` is the status as this
 * browser knows it; `failure` is a failure in this tab that may not have reached the server.
 */
export function RunStatusCard({ answer, status, failure }: { answer: RunAnswer; status: RunStatus; failure: unknown }) {
  const t = useTranslations('train');
  const { run, files } = answer;
  const hasCheckpoint = files.some(({ name }) => name === CHECKPOINT_FILE);
  const progress = (
    <ProgressBar
      label={t('progress')}
      value={run.step}
      max={run.totalSteps}
      detail={t('currentStep', { step: run.step, totalSteps: run.totalSteps })}
    />
  );
  if (status === 'failed' || failure !== null) {
    return (
      <div className="grid gap-4">
        <ErrorState title={t('runFailed')} error={failure ?? storedFailure(run) ?? t('noReason')} />
        <StartButtons answer={answer} />
      </div>
    );
  }
  switch (status) {
    case 'created':
      return (
        <Card className="grid gap-4">
          <CardHeader title={t('notStartedYet')} description={t('notStartedHint')} />
          <StartButtons answer={answer} />
        </Card>
      );
    case 'running':
      return (
        <Card className="grid gap-5">
          <CardHeader
            title={t('trainingInAnotherTab')}
            description={t('otherTabHint')}
            actions={<StopElsewhere runId={run.id} />}
          />
          {run.totalSteps > 0 ? progress : <ProgressBar label={t('preparing')} />}
        </Card>
      );
    case 'interrupted':
      return (
        <Card className="grid gap-5">
          <CardHeader
            title={t('runInterrupted')}
            description={hasCheckpoint ? t('runInterruptedHint') : t('noCheckpointHint')}
          />
          {run.totalSteps > 0 ? progress : null}
          <StartButtons answer={answer} resume={hasCheckpoint} />
        </Card>
      );
    case 'stopped':
      return (
        <Notice>
          {run.totalSteps > 0 ? t('stoppedAtStep', { step: run.step, total: run.totalSteps }) : t('stoppedByHand')}
        </Notice>
      );
    case 'finished':
      return null;
  }
}

function storedFailure({ failure, error }: RunSummary): Error | null {
  if (failure) return new MessageError(failure, error ?? undefined);
  return error === null ? null : new Error(error);
}

function StopElsewhere({ runId }: { runId: string }) {
  const t = useTranslations('train');
  const errorMessage = useErrorMessage();
  const stop = useApiMutation(() => stopRunElsewhere(runId), [runPath(runId)]);
  return (
    <div className="grid justify-items-end gap-2">
      <Button variant="danger" pending={stop.isPending} onClick={() => stop.mutate(undefined)}>
        {t('stopTraining')}
      </Button>
      {stop.error ? <Notice tone="bad">{errorMessage(stop.error)}</Notice> : null}
    </div>
  );
}

/** A failed run cannot be resumed: starting again creates a new run with the same settings. */
function StartButtons({ answer, resume = false }: { answer: RunAnswer; resume?: boolean }) {
  const t = useTranslations('train');
  const { run } = answer;
  const [failure, setFailure] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const intentions = useIdempotencyKeys();
  const once = useOneAtATime();
  const start = async (fromCheckpoint: boolean) => {
    setPending(true);
    setFailure(null);
    try {
      if (run.status === 'failed') {
        const { snapshotId, modelId, config } = run;
        const request = { snapshotId, modelId, config };
        const again = await createRun(run.projectId, request, intentions.keyFor(request));
        await startRunSession(again.run, { resume: false });
        router.push(`/projects/${run.projectId}/runs/${again.run.id}`);
      } else await startRunSession(run, { resume: fromCheckpoint });
    } catch (error) {
      setFailure(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-2">
        {resume ? (
          <Button
            variant="primary"
            pending={pending}
            icon={<Play aria-hidden="true" className="size-4" />}
            onClick={() => once(() => start(true))}
          >
            {t('resume')}
          </Button>
        ) : null}
        <Button
          variant={resume ? 'secondary' : 'primary'}
          pending={pending && !resume}
          icon={
            run.status === 'created' ? (
              <Play aria-hidden="true" className="size-4" />
            ) : (
              <RotateCcw aria-hidden="true" className="size-4" />
            )
          }
          onClick={() => once(() => start(false))}
        >
          {run.status === 'created' ? t('startTraining') : t('startAgain')}
        </Button>
      </div>
      {failure ? <ErrorState title={t('startFailed')} error={failure} /> : null}
    </div>
  );
}
