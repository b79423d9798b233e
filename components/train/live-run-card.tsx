'use client';

import { Square } from 'lucide-react';
import { Button, Card, CardHeader, Notice, ProgressBar } from '@/components/ui';
import { formatNumber } from '@/components/ui/format';
import { type RunPhase, type RunProgress, tokensPerSecond, trainingTimeLeft } from './run-progress';
import { retryReports, skipFinalScores, stopRunSession } from './run-session';
import { durationInWords } from './time-left';

const phaseWords: Readonly<Record<Exclude<RunPhase, 'finished' | 'stopped' | 'failed'>, string>> = {
  starting: 'Starting the training worker',
  loading: 'Loading model and snapshot',
  'scoring-before': 'Scoring every response before training',
  training: 'Training',
  saving: 'Saving the trained weights',
  'scoring-after': 'Scoring every response after training',
  reporting: 'Sending the last results to the server',
};

/** The run that trains in this tab, while it does. */
export function LiveRunCard({ progress }: { progress: RunProgress }) {
  const { phase, stopRequested, backend } = progress;
  if (phase === 'finished' || phase === 'stopped' || phase === 'failed') return null;
  const training = phase === 'training' && progress.totalSteps > 0;
  const value = training ? progress.step : progress.done;
  const max = training ? progress.totalSteps : progress.total;
  const left = trainingTimeLeft(progress);
  const speed = tokensPerSecond(progress);
  return (
    <Card className="grid gap-5">
      <CardHeader
        title={stopRequested ? 'Stopping after this step' : 'Training in this tab'}
        description="Keep this tab open. Other pages of the studio may be opened meanwhile; closing or reloading the tab interrupts the run."
        actions={<StopButton progress={progress} />}
      />
      <ProgressBar
        label={phaseWords[phase]}
        value={max > 0 ? value : undefined}
        max={max > 0 ? max : undefined}
        detail={
          training
            ? `Step ${formatNumber(progress.step)} of ${formatNumber(progress.totalSteps)}`
            : max > 0
              ? `${Math.floor((value / max) * 100)} %`
              : undefined
        }
      />
      <dl className="flex flex-wrap gap-x-10 gap-y-3 text-sm">
        <Fact name="Time left">{phase !== 'training' ? '–' : left === null ? 'measuring' : durationInWords(left)}</Fact>
        <Fact name="Speed">{speed === null ? '–' : `${formatNumber(Math.round(speed))} tokens/s`}</Fact>
        <Fact name="Runs on">{backend?.description ?? '–'}</Fact>
      </dl>
      {progress.connectionTrouble ? (
        <Notice tone="warn">
          <span className="flex flex-wrap items-center justify-between gap-3">
            {progress.connectionTrouble}
            <Button size="sm" onClick={retryReports}>
              Try now
            </Button>
          </span>
        </Notice>
      ) : null}
      {progress.notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
    </Card>
  );
}

function StopButton({ progress }: { progress: RunProgress }) {
  const icon = <Square aria-hidden="true" className="size-3.5 fill-current" />;
  if (progress.phase === 'reporting' || progress.phase === 'saving') return null;
  if (progress.phase === 'scoring-after') {
    return (
      <Button size="sm" onClick={skipFinalScores}>
        Skip the final scores
      </Button>
    );
  }
  return (
    <Button variant="danger" icon={icon} pending={progress.stopRequested} onClick={stopRunSession}>
      Stop training
    </Button>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-[0.8125rem] text-soft">{name}</dt>
      <dd className="tabular font-medium">{children}</dd>
    </div>
  );
}
