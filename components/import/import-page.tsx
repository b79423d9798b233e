'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { ApiError, useInvalidate } from '@/components/ui/api';
import { Button, LinkButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { ConnectionLost } from '@/components/ui/connection-lost';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { ErrorState, Notice } from '@/components/ui/states';
import { useFormats } from '@/components/ui/use-formats';
import type { ColumnMapping as Mapping } from '@/lib/schemas/column-mapping';
import type { JudgementChoice as Choice, ImportPreview as Preview } from '@/lib/schemas/import-preview';
import type { ImportResult, LineError } from '@/lib/schemas/prompt-import';
import { ColumnMapping, type FileColumns } from './column-mapping';
import { followImport, runningImport } from './follow-import';
import { ImportPreview } from './import-preview';
import { ImportSource, type Source } from './import-source';
import { JudgementChoice } from './judgement-choice';
import { sendFile } from './send-file';

type Phase =
  | { name: 'choosing' }
  | { name: 'sending'; what: 'preview' | 'import'; source: Source; share: number; waiting: boolean; jobId: string }
  | { name: 'columns'; source: Source; columns: FileColumns }
  | { name: 'preview'; source: Source; preview: Preview; mapping: Mapping | undefined }
  | { name: 'following'; jobId: string }
  | { name: 'failed'; source: Source | null; error: unknown; leaveOut: (() => void) | null }
  | { name: 'done'; result: ImportResult };

const example = `{"id": "q1", "prompt": "Why is the sky blue?", "responses": [
   {"text": "Air scatters short wavelengths most.", "source": "human"},
   {"text": "It mirrors the sea.", "source": "model-a"}]}`;

/** Whose rows lib/formats/shapes reads; names are the same in every language. */
const otherPrograms = [
  'TRL',
  'UltraFeedback',
  'Nectar',
  'HelpSteer',
  'HH-RLHF',
  'OpenAssistant',
  'Chatbot Arena',
  'RewardBench',
  'PKU-SafeRLHF',
  'Tulu',
  'Skywork',
  'ShareGPT',
  'Alpaca',
  'e-SNLI',
  'Label Studio',
  'Argilla',
];

export function ImportPage({ projectId }: { projectId: string }) {
  const t = useTranslations('import');
  const { formatPercent } = useFormats();
  const [phase, setPhase] = useState<Phase>({ name: 'choosing' });
  const [judgements, setJudgements] = useState<Choice>('people');
  const abort = useRef<AbortController | null>(null);
  const invalidate = useInvalidate();
  const path = `/projects/${projectId}/import`;

  useEffect(() => () => abort.current?.abort(), []);
  useEffect(() => {
    const jobId = runningImport.get(projectId);
    if (jobId) void followFrom.current(jobId);
  }, [projectId]);

  const send = async <T,>(
    what: 'preview' | 'import',
    source: Source,
    {
      leaveOut = false,
      judgements = 'people',
      mapping,
    }: { leaveOut?: boolean; judgements?: Choice; mapping?: Mapping | undefined } = {},
  ): Promise<T | null> => {
    const controller = new AbortController();
    abort.current = controller;
    const jobId = newJobId();
    const sending = { name: 'sending', what, source, waiting: false, share: 0, jobId } as const;
    setPhase(sending);
    try {
      let share = 0;
      const columns = { ...(mapping && { columns: JSON.stringify(mapping) }) };
      const query = { job: jobId, judgements, ...(leaveOut && { 'bad-lines': 'leave-out' }), ...columns };
      const address =
        what === 'preview'
          ? `${path}/preview?${new URLSearchParams(columns)}`
          : `${path}?${new URLSearchParams(query)}`;
      const wasSent = () => {
        if (what === 'import') runningImport.set(projectId, jobId);
      };
      const following = { signal: controller.signal };
      return await sendFile<T>(projectId, address, source, {
        signal: controller.signal,
        wasSent,
        ...(what === 'import' && { ifLost: () => followImport(jobId, following) as Promise<T> }),
        onProgress: (there) => {
          share = source.body.size === 0 ? 1 : there / source.body.size;
          setPhase({ ...sending, share });
        },
        onWaiting: (waiting) => setPhase({ ...sending, share, waiting }),
      });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'aborted') setPhase({ name: 'choosing' });
      else {
        const mayLeaveOut = what === 'import' && !leaveOut && badLines(error).length > 0;
        const leaveOutLines = () => void runImport(source, true, mapping);
        setPhase({ name: 'failed', source, error, leaveOut: mayLeaveOut ? leaveOutLines : null });
      }
      return null;
    }
  };

  const showPreview = async (source: Source, mapping?: Mapping) => {
    const preview = await send<Preview>('preview', source, { mapping });
    if (!preview) return;
    if (preview.columns?.needed && !mapping) {
      setPhase({ name: 'columns', source, columns: preview.columns });
      return;
    }
    setJudgements(preview.found.tooManyAnnotators ? 'leave-out' : 'people');
    setPhase({ name: 'preview', source, preview, mapping });
  };

  const follow = async (jobId: string) => {
    const controller = new AbortController();
    abort.current = controller;
    setPhase({ name: 'following', jobId });
    try {
      await finish(await followImport(jobId, { signal: controller.signal }));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'aborted') return;
      runningImport.clear(projectId);
      // What nobody knows of any more is over.
      const isGone = error instanceof ApiError && error.code === 'network';
      setPhase(isGone ? { name: 'choosing' } : { name: 'failed', source: null, error, leaveOut: null });
    }
  };
  const followFrom = useRef(follow);

  const finish = async (result: ImportResult) => {
    runningImport.clear(projectId);
    setPhase({ name: 'done', result });
    await invalidate(`/projects/${projectId}`, '/projects');
  };

  const runImport = async (source: Source, leaveOut: boolean, mapping: Mapping | undefined) => {
    const result = await send<ImportResult>('import', source, { leaveOut, judgements, mapping });
    if (result) await finish(result);
    else runningImport.clear(projectId);
  };

  const retryOf = ({ source, error }: { source: Source | null; error: unknown }) =>
    source && error instanceof ApiError && error.status === 0 ? () => showPreview(source) : undefined;

  const startOver = () => setPhase({ name: 'choosing' });

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
                <Button size="sm" onClick={() => abort.current?.abort()}>
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
            onMap={
              phase.preview.columns
                ? () => setPhase({ name: 'columns', source: phase.source, columns: phase.preview.columns! })
                : null
            }
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
      {phase.name === 'done' ? (
        <Card className="grid gap-4">
          <div role="status">
            <CardHeader
              title={t('hasImported', {
                added: phase.result.imported,
                extended: phase.result.extended,
                what: whatIsNew(phase.result.imported, phase.result.extended),
              })}
              description={
                phase.result.unchanged > 0
                  ? t('alreadyHere', { unchanged: phase.result.unchanged })
                  : t('readyToAnnotate')
              }
            />
            {phase.result.judgements ? (
              <p className="mt-1 text-sm text-soft">{t('hasJudgements', { judgements: phase.result.judgements })}</p>
            ) : null}
            {phase.result.leftOut ? (
              <p className="mt-1 text-sm text-soft">{t('leftOut', { leftOut: phase.result.leftOut })}</p>
            ) : null}
          </div>
          <div className="flex flex-wrap gap-2">
            <LinkButton href={`/projects/${projectId}/annotate`} variant="primary">
              {t('annotate')}
            </LinkButton>
            <Button onClick={startOver}>{t('importMore')}</Button>
          </div>
        </Card>
      ) : null}
    </Page>
  );
}

function ImportAction({
  source,
  preview,
  withJudgements,
  onImport,
  onMap,
  isMapped,
  onCancel,
}: {
  source: Source;
  preview: Preview;
  /** The file has judgements, which are imported. */
  withJudgements: boolean;
  onImport: () => void;
  /** Lets the person say what the columns hold; null where the file has none. */
  onMap: (() => void) | null;
  isMapped: boolean;
  onCancel: () => void;
}) {
  const t = useTranslations('import');
  const { counts } = preview;
  const noPrompts = counts.new + counts.extended === 0;
  const nothingNew = preview.ok && noPrompts && !withJudgements;
  return (
    <Card className="flex flex-wrap items-center justify-between gap-4">
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="truncate font-semibold">
          <bdi>{source.name}</bdi>
        </h2>
        <p role="status" className="text-sm text-soft">
          {preview.ok
            ? nothingNew
              ? t('nothingToImport')
              : noPrompts
                ? t('willImportJudgements')
                : t('willImport', {
                    added: counts.new,
                    extended: counts.extended,
                    what: whatIsNew(counts.new, counts.extended),
                  })
            : preview.canLeaveOut
              ? t('leaveOutHint', { added: counts.new })
              : t('cannotImport')}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onCancel}>{preview.ok ? t('cancel') : t('startOver')}</Button>
        {onMap ? <Button onClick={onMap}>{t(isMapped ? 'columns.change' : 'columns.map')}</Button> : null}
        {preview.ok && !nothingNew ? (
          <Button variant="primary" onClick={onImport}>
            {t('import')}
          </Button>
        ) : null}
        {preview.canLeaveOut ? <Button onClick={onImport}>{t('leaveOut')}</Button> : null}
      </div>
    </Card>
  );
}

/** Which of the two counts the message has to mention. */
function whatIsNew(added: number, extended: number): 'both' | 'added' | 'extended' | 'nothing' {
  if (added > 0) return extended > 0 ? 'both' : 'added';
  return extended > 0 ? 'extended' : 'nothing';
}

function badLines(error: unknown): LineError[] {
  const details = error instanceof ApiError ? error.details : undefined;
  return Array.isArray(details) ? details : ((details as { errors?: LineError[] } | undefined)?.errors ?? []);
}

/** Lines that the import refuses although the preview accepted them: it looks at the beginning of a large file, and somebody may have imported in between. */
function FailedLines({ error }: { error: unknown }) {
  const t = useTranslations('import');
  const lines = badLines(error);
  if (lines.length === 0) return null;
  return (
    <Notice tone="warn">
      <ul className="grid gap-1">
        {lines.slice(0, 20).map((line) => (
          <li key={`${line.line}-${line.message}`}>{t('lineProblem', { line: line.line, reason: line.message })}</li>
        ))}
      </ul>
    </Notice>
  );
}

function FormatHelp() {
  const t = useTranslations('import');
  return (
    <Card>
      <CardHeader title={t('format')} description={t('formatHint')} className="mb-3" />
      <pre
        dir="ltr"
        className="overflow-x-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-[0.78rem] leading-relaxed"
      >
        {example}
      </pre>
      <dl className="mt-4 grid gap-2.5 text-sm">
        {[
          ['id', t('idHint')],
          ['prompt', t('promptHint')],
          ['documents', t('documentsHint')],
          ['responses', t('responsesHint')],
          ['reference_label', t('referenceLabelHint')],
        ].map(([name, text]) => (
          <div key={name}>
            <dt className="font-medium font-mono text-[0.8125rem]">{name}</dt>
            <dd className="text-soft">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-soft">
        {t('otherFormats')} <bdi dir="auto">{otherPrograms.join(' · ')}</bdi>
      </p>
    </Card>
  );
}
