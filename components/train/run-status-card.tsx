'use client';

import { Play, RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button, Card, CardHeader, ErrorState, Notice, ProgressBar } from '@/components/ui';
import { useApiMutation } from '@/components/ui/api';
import { formatNumber } from '@/components/ui/format';
import { createRun, type RunAnswer, runPath, stopRunElsewhere } from './run-api';
import { startRunSession } from './run-session';
import { CHECKPOINT_FILE } from './worker-messages';

/**
 * A run that does not train in this tab: what happened to it and what can be done about it.
 * `failure`: what this tab knows of the end and the server may not.
 */
export function RunStatusCard({ answer, failure }: { answer: RunAnswer; failure: string | null }) {
  const { run, files } = answer;
  const hasCheckpoint = files.some(({ name }) => name === CHECKPOINT_FILE);
  const progress = (
    <ProgressBar
      label="Progress"
      value={run.step}
      max={run.totalSteps}
      detail={`Step ${formatNumber(run.step)} of ${formatNumber(run.totalSteps)}`}
    />
  );
  const reason = failure ?? run.error;
  if (run.status === 'failed' || failure !== null) {
    return (
      <div className="grid gap-4">
        <ErrorState title="This run failed" error={new Error(reason ?? 'No reason was stored.')} />
        <StartButtons answer={answer} />
      </div>
    );
  }
  switch (run.status) {
    case 'created':
      return (
        <Card className="grid gap-4">
          <CardHeader title="Not started yet" description="It trains in the tab in which you start it." />
          <StartButtons answer={answer} />
        </Card>
      );
    case 'running':
      return (
        <Card className="grid gap-5">
          <CardHeader
            title="Training in another tab"
            description="Or on another computer. This page follows along."
            actions={<StopElsewhere runId={run.id} />}
          />
          {run.totalSteps > 0 ? progress : <ProgressBar label="Preparing" />}
        </Card>
      );
    case 'interrupted':
      return (
        <Card className="grid gap-5">
          <CardHeader
            title="This run was interrupted"
            description={
              hasCheckpoint
                ? 'The tab that trained it was closed or lost its connection. Resuming goes on from the last checkpoint as if nothing had happened.'
                : 'The tab that trained it was closed before its first checkpoint, so it can only start again.'
            }
          />
          {run.totalSteps > 0 ? progress : null}
          <StartButtons answer={answer} resume={hasCheckpoint} />
        </Card>
      );
    case 'stopped':
      return (
        <Notice>
          Stopped by hand
          {run.totalSteps > 0 ? ` at step ${formatNumber(run.step)} of ${formatNumber(run.totalSteps)}` : ''}. What it
          had learnt until then was kept.
        </Notice>
      );
    case 'finished':
      return null;
  }
}

function StopElsewhere({ runId }: { runId: string }) {
  const stop = useApiMutation(() => stopRunElsewhere(runId), [runPath(runId)]);
  return (
    <div className="grid justify-items-end gap-2">
      <Button variant="danger" pending={stop.isPending} onClick={() => stop.mutate(undefined)}>
        Stop training
      </Button>
      {stop.error ? <Notice tone="bad">{stop.error.message}</Notice> : null}
    </div>
  );
}

/** A failed run has ended for good: starting again makes a new one with the same settings. */
function StartButtons({ answer, resume = false }: { answer: RunAnswer; resume?: boolean }) {
  const { run } = answer;
  const [failure, setFailure] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const start = async (fromCheckpoint: boolean) => {
    setPending(true);
    setFailure(null);
    try {
      if (run.status === 'failed') {
        const { snapshotId, modelId, config } = run;
        const again = await createRun(run.projectId, { snapshotId, modelId, config });
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
            onClick={() => start(true)}
          >
            Resume
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
          onClick={() => start(false)}
        >
          {run.status === 'created' ? 'Start training' : 'Start again'}
        </Button>
      </div>
      {failure ? <ErrorState title="The run was not started" error={failure} /> : null}
    </div>
  );
}
