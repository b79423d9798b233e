'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConnectionLost } from '@/components/ui/connection-lost';
import { JobProgressBar } from '@/components/ui/job-progress';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { ErrorState } from '@/components/ui/states';
import { useFormats } from '@/components/ui/use-formats';
import { ColumnMapping } from './column-mapping';
import { FailedLines } from './failed-lines';
import { FormatHelp } from './format-help';
import { ImportAction } from './import-action';
import { ImportDone } from './import-done';
import { ImportPreview } from './import-preview';
import { ImportSource } from './import-source';
import { JudgementChoice } from './judgement-choice';
import { useImport } from './use-import';

export function ImportPage({ projectId }: { projectId: string }) {
  const t = useTranslations('import');
  const { formatPercent } = useFormats();
  const { phase, chooseColumns, judgements, setJudgements, showPreview, runImport, retryOf, startOver, stop } =
    useImport(projectId);

  return (
    <Page>
      <PageHeader title={t('importPrompts')} description={t('intro')} />
      {phase.name === 'choosing' ? (
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <Card>
            <ImportSource onSource={showPreview} />
          </Card>
          <FormatHelp />
        </div>
      ) : null}
      {phase.name === 'sending' ? (
        <Card className="grid gap-4">
          {phase.what === 'import' && phase.share === 1 && !phase.waiting ? (
            <JobProgressBar jobId={phase.jobId} label={t('writing')} items={(count) => t('soFar', { count })} />
          ) : (
            <>
              <ProgressBar
                label={phase.share < 1 ? t('sending', { name: phase.source.name }) : t('reading')}
                value={phase.share < 1 ? phase.share : undefined}
                detail={phase.share < 1 ? formatPercent(phase.share) : undefined}
              />
              {phase.waiting ? <ConnectionLost /> : null}
              <div>
                <Button size="sm" onClick={stop}>
                  {t('stop')}
                </Button>
              </div>
            </>
          )}
        </Card>
      ) : null}
      {phase.name === 'following' ? (
        <Card>
          <JobProgressBar jobId={phase.jobId} label={t('writing')} items={(count) => t('soFar', { count })} />
        </Card>
      ) : null}
      {phase.name === 'failed' ? (
        <div className="grid gap-4">
          <ErrorState title={t('nothingImported')} error={phase.error} onRetry={retryOf(phase)} />
          <FailedLines error={phase.error} />
          <div className="flex flex-wrap gap-2">
            <Button onClick={startOver}>{t('startOver')}</Button>
            {phase.leaveOut ? <Button onClick={phase.leaveOut}>{t('leaveOut')}</Button> : null}
          </div>
        </div>
      ) : null}
      {phase.name === 'columns' ? (
        <ColumnMapping
          name={phase.source.name}
          columns={phase.columns}
          onMapped={(mapping) => showPreview(phase.source, mapping)}
          onCancel={startOver}
        />
      ) : null}
      {phase.name === 'preview' ? (
        <div className="grid gap-5">
          <ImportAction
            source={phase.source}
            preview={phase.preview}
            withJudgements={judgements !== 'leave-out' && phase.preview.found.judgements > 0}
            onImport={() => runImport(phase.source, !phase.preview.ok, phase.mapping)}
            onMap={phase.preview.columns ? () => chooseColumns(phase.source, phase.preview.columns!) : null}
            isMapped={phase.mapping !== undefined}
            onCancel={startOver}
          />
          {phase.preview.found.judgements > 0 ? (
            <JudgementChoice
              projectId={projectId}
              found={phase.preview.found}
              value={judgements}
              onChange={setJudgements}
            />
          ) : null}
          <ImportPreview preview={phase.preview} />
        </div>
      ) : null}
      {phase.name === 'done' ? <ImportDone projectId={projectId} result={phase.result} onMore={startOver} /> : null}
    </Page>
  );
}
