'use client';

import { Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Button, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import type { ImportedNotes, ImportedSnapshot } from '@/lib/schemas/snapshot';
import { snapshotsPath } from './snapshot-api';

/**
 * Imports a lossless snapshot file; the server refuses one whose content does not match its hash. `onError` gets the
 * refusal, and `onNotes` the warnings about its records; both get null when another import starts.
 */
export function ImportSnapshotButton({
  projectId,
  onError,
  onNotes,
}: {
  projectId: string;
  onError: (error: unknown) => void;
  onNotes: (notes: ImportedNotes | null) => void;
}) {
  const t = useTranslations('snapshots');
  const input = useRef<HTMLInputElement>(null);
  const toast = useToast();
  const path = snapshotsPath(projectId);
  const send = useApiMutation(
    ({ file, jobId }: { file: File; jobId: string }) =>
      api<ImportedSnapshot>(`${path}/import?job=${jobId}`, {
        method: 'POST',
        body: file,
        headers: { 'content-type': 'application/jsonl' },
      }),
    [path, `/projects/${projectId}`],
  );

  const choose = (file: File | undefined) => {
    if (file === undefined) return;
    onError(null);
    onNotes(null);
    send.mutate(
      { file, jobId: newJobId() },
      {
        onSuccess: ({ snapshot, created, notes, noteCount }) => {
          if (noteCount > 0) onNotes({ notes, noteCount });
          toast(
            !created
              ? t('alreadyExists', { name: snapshot.name })
              : noteCount > 0
                ? t('imported', { name: snapshot.name })
                : t('importedWithSameHash', { name: snapshot.name }),
            'good',
          );
        },
        onError,
      },
    );
  };

  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.ndjson,application/jsonl"
        aria-label={t('snapshotFile')}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          choose(event.target.files?.[0]);
          event.target.value = ''; // Choosing the same file again after a correction has to fire a change event.
        }}
      />
      <Button
        pending={send.isPending}
        icon={<Upload aria-hidden="true" className="size-4" />}
        onClick={() => input.current?.click()}
      >
        {t('importSnapshot')}
      </Button>
      {send.isPending ? (
        <div className="w-64">
          <JobProgressBar jobId={send.variables.jobId} label={t('readingSnapshot')} />
        </div>
      ) : null}
    </>
  );
}
