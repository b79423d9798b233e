import { Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, Card, CardHeader, Notice, ProgressBar } from '@/components/ui';
import type { SampleProgress } from './sample-progress';
import { stopSampleSession } from './sample-session';

/** The progress of sampling in this tab. */
export function SamplingCard({ progress, projectId }: { progress: SampleProgress; projectId: string }) {
  const t = useTranslations('sample');
  const { done, total, tokens, prompts, backend, stopRequested } = progress;
  const found = prompts.reduce((sum, { added }) => sum + added.length, 0);
  return (
    <Card className="grid gap-5">
      <CardHeader
        title={stopRequested ? t('stopping') : t('sourceIsWriting', { source: progress.source })}
        description={t('keepTabOpen')}
        actions={
          <Button
            variant="danger"
            icon={<Square aria-hidden="true" className="size-3.5 fill-current" />}
            pending={stopRequested}
            onClick={stopSampleSession}
          >
            {t('stop')}
          </Button>
        }
      />
      <ProgressBar
        label={total > 0 ? t('writingResponses') : t('loadingModelAndPrompts')}
        value={total > 0 ? done : undefined}
        max={total > 0 ? total : undefined}
        detail={total > 0 ? t('doneOfTotal', { done, total }) : undefined}
      />
      <p className="tabular text-sm text-soft">
        {t('soFar', { found, tokens })} {backend ? t('runsOn', { backend }) : ''} {t('keptWhenStopped')}
      </p>
      {progress.projectId !== projectId ? <Notice>{t('belongElsewhere')}</Notice> : null}
    </Card>
  );
}
