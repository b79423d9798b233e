'use client';

import { useEffect, useRef, useState } from 'react';
import { ApiError, useInvalidate } from '@/components/ui/api';
import { newJobId } from '@/components/ui/job-progress';
import type { ColumnMapping as Mapping } from '@/lib/schemas/column-mapping';
import type { JudgementChoice as Choice, ImportPreview as Preview } from '@/lib/schemas/import-preview';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { FileColumns } from './column-mapping';
import { badLines } from './failed-lines';
import { followImport, runningImport } from './follow-import';
import type { Source } from './import-source';
import { sendFile } from './send-file';

/** How far an import is, from the choice of a file to its result. */
export type Phase =
  | { name: 'choosing' }
  | { name: 'sending'; what: 'preview' | 'import'; source: Source; share: number; waiting: boolean; jobId: string }
  | { name: 'columns'; source: Source; columns: FileColumns }
  | { name: 'preview'; source: Source; preview: Preview; mapping: Mapping | undefined }
  | { name: 'following'; jobId: string }
  | { name: 'failed'; source: Source | null; error: unknown; leaveOut: (() => void) | null }
  | { name: 'done'; result: ImportResult };

/** An import into a project; one that is under way there is followed. */
export function useImport(projectId: string) {
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

  async function send<T>(
    what: 'preview' | 'import',
    source: Source,
    {
      leaveOut = false,
      judgements = 'people',
      mapping,
    }: { leaveOut?: boolean; judgements?: Choice; mapping?: Mapping | undefined } = {},
  ): Promise<T | null> {
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
  }

  const chooseColumns = (source: Source, columns: FileColumns) => setPhase({ name: 'columns', source, columns });

  const showPreview = async (source: Source, mapping?: Mapping) => {
    const preview = await send<Preview>('preview', source, { mapping });
    if (!preview) return;
    if (preview.columns?.needed && !mapping) {
      chooseColumns(source, preview.columns);
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
  const stop = () => abort.current?.abort();

  return { phase, chooseColumns, judgements, setJudgements, showPreview, runImport, retryOf, startOver, stop };
}
