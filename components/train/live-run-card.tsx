'use client';

import { Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, Card, CardHeader, Notice, ProgressBar, useErrorMessage } from '@/components/ui';
import { MessageError } from '@/components/ui/browser-error';
import { useFormats } from '@/components/ui/use-formats';
import { type RunProgress, tokensPerSecond, trainingTimeLeft } from './run-progress';
import { retryReports, skipFinalScores, stopRunSession } from './run-session';
import { durationInWords } from './time-left';

/** The run that is training in this tab. */
export function LiveRunCard({ progress }: { progress: RunProgress }) {
  const t = useTranslations('train');
  const errorMessage = useErrorMessage();
  const { formatPercent } = useFormats();
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
        title={stopRequested ? t('stopping') : t('trainingInThisTab')}
        description={t('keepTabOpen')}
        actions={<StopButton progress={progress} />}
      />
      <ProgressBar
        label={t(`phases.${phase}`)}
        value={max > 0 ? value : undefined}
        max={max > 0 ? max : undefined}
        detail={
          training
            ? t('currentStep', { step: progress.step, totalSteps: progress.totalSteps })
            : max > 0
              ? formatPercent(Math.floor((value / max) * 100) / 100)
              : undefined
        }
      />
      <dl className="flex flex-wrap gap-x-10 gap-y-3 text-sm">
        <Fact name={t('timeLeft')}>
          {phase !== 'training' ? '–' : left === null ? t('measuring') : durationInWords(left, t)}
        </Fact>
        <Fact name={t('speed')}>{speed === null ? '–' : t('tokensPerSecond', { tokens: Math.round(speed) })}</Fact>
        <Fact name={t('runsOn')}>{backend?.description ?? '–'}</Fact>
      </dl>
      {progress.connectionTrouble ? (
        <Notice tone="warn">
          <span className="flex flex-wrap items-center justify-between gap-3">
            {t(`trouble.${progress.connectionTrouble}`)}
            <Button size="sm" onClick={retryReports}>
              {t('tryNow')}
            </Button>
          </span>
        </Notice>
      ) : null}
      {progress.notes.map((note) => (
        <Notice key={JSON.stringify(note)}>{errorMessage(new MessageError(note))}</Notice>
      ))}
    </Card>
  );
}

function StopButton({ progress }: { progress: RunProgress }) {
  const t = useTranslations('train');
  const icon = <Square aria-hidden="true" className="size-3.5 fill-current" />;
  if (progress.phase === 'reporting' || progress.phase === 'saving') return null;
  if (progress.phase === 'scoring-after') {
    return (
      <Button size="sm" onClick={skipFinalScores}>
        {t('skipFinalScores')}
      </Button>
    );
  }
  return (
    <Button variant="danger" icon={icon} pending={progress.stopRequested} onClick={stopRunSession}>
      {t('stopTraining')}
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
