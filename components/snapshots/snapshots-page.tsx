'use client';

import { Camera, GitCompare, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useProject } from '@/components/projects/use-project';
import { Button, EmptyState, ErrorState, LinkButton, LoadingState, Notice, Page, PageHeader } from '@/components/ui';
import { useApiList } from '@/components/ui/api';
import type { ImportedNotes, SnapshotSummary } from '@/lib/schemas/snapshot';
import { CompareDialog } from './compare-dialog';
import { CreateSnapshotDialog } from './create-snapshot-dialog';
import { ImportSnapshotButton } from './import-snapshot-button';
import { snapshotsPath } from './snapshot-api';
import { SnapshotCard } from './snapshot-card';

export function SnapshotsPage({ projectId }: { projectId: string }) {
  const t = useTranslations('snapshots');
  const { data, error, refetch } = useApiList<'snapshots', SnapshotSummary>(snapshotsPath(projectId), 'snapshots');
  const project = useProject(projectId);
  const [creating, setCreating] = useState(false);
  const [comparing, setComparing] = useState(false);
  const [importError, setImportError] = useState<unknown>(null);
  const [notes, setNotes] = useState<ImportedNotes | null>(null);
  const prompts = project.data?.counts.prompts;

  const importButton = <ImportSnapshotButton projectId={projectId} onError={setImportError} onNotes={setNotes} />;
  const createButton = (
    <Button variant="primary" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setCreating(true)}>
      {t('createSnapshot')}
    </Button>
  );
  const isEmpty = data?.snapshots.length === 0;

  return (
    <Page>
      <PageHeader
        title={t('snapshots')}
        description={t('intro')}
        actions={
          data && !isEmpty ? (
            <>
              {data.snapshots.length > 1 ? (
                <Button icon={<GitCompare aria-hidden="true" className="size-4" />} onClick={() => setComparing(true)}>
                  {t('compare.open')}
                </Button>
              ) : null}
              {importButton}
              {createButton}
            </>
          ) : null
        }
      />
      {importError ? <ErrorState className="mb-5" title={t('importFailed')} error={importError} /> : null}
      {notes ? (
        <Notice tone="warn" className="mb-5 grid gap-1.5">
          <p className="font-medium">{t('inconsistencies', { count: notes.noteCount })}</p>
          <ul className="grid gap-1">
            {notes.notes.map(({ line, message }) => (
              <li key={`${line}-${message}`} className="wrap-anywhere">
                {t('lineNote', { line, note: message })}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {error ? (
        <ErrorState error={error} title={t('loadFailed')} onRetry={() => refetch()} />
      ) : data === undefined ? (
        <LoadingState label={t('loadingSnapshots')} />
      ) : isEmpty ? (
        <EmptyState
          icon={<Camera className="size-5" />}
          title={t('noSnapshots')}
          actions={
            <>
              {importButton}
              {prompts === 0 ? (
                <LinkButton href={`/projects/${projectId}/import`} variant="primary">
                  {t('importPrompts')}
                </LinkButton>
              ) : (
                createButton
              )}
            </>
          }
        >
          {prompts === 0 ? t('noPromptsHint') : t('noSnapshotsHint')}
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          {data.snapshots.map((snapshot) => (
            <SnapshotCard key={snapshot.id} projectId={projectId} snapshot={snapshot} />
          ))}
        </div>
      )}
      {comparing && data ? <CompareDialog snapshots={data.snapshots} onOpenChange={setComparing} /> : null}
      {creating ? (
        <CreateSnapshotDialog
          projectId={projectId}
          suggestedName={t('snapshotValue', { value: (data?.snapshots.length ?? 0) + 1 })}
          usualStrategy={project.data?.project.snapshotStrategy ?? 'annotations'}
          isOpen
          onOpenChange={setCreating}
        />
      ) : null}
    </Page>
  );
}
