'use client';

import { Camera, Plus } from 'lucide-react';
import { useState } from 'react';
import { useProject } from '@/components/projects/use-project';
import { Button, EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { CreateSnapshotDialog } from './create-snapshot-dialog';
import { ImportSnapshotButton } from './import-snapshot-button';
import { type SnapshotsAnswer, snapshotsPath } from './snapshot-api';
import { SnapshotCard } from './snapshot-card';

export function SnapshotsPage({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useApi<SnapshotsAnswer>(snapshotsPath(projectId));
  const project = useProject(projectId);
  const [creating, setCreating] = useState(false);
  const [importError, setImportError] = useState<unknown>(null);
  const prompts = project.data?.counts.prompts;

  const importButton = <ImportSnapshotButton projectId={projectId} onError={setImportError} />;
  const createButton = (
    <Button variant="primary" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setCreating(true)}>
      Create snapshot
    </Button>
  );
  const isEmpty = data?.snapshots.length === 0;

  return (
    <Page>
      <PageHeader
        title="Snapshots"
        description="A snapshot is a frozen set of prompts, responses and pairs. Runs train on it; exports contain it."
        actions={
          data && !isEmpty ? (
            <>
              {importButton}
              {createButton}
            </>
          ) : null
        }
      />
      {importError ? (
        <ErrorState className="mb-5" title="The snapshot was not imported; nothing changed" error={importError} />
      ) : null}
      {error ? (
        <ErrorState error={error} title="The snapshots could not be loaded" onRetry={() => refetch()} />
      ) : data === undefined ? (
        <LoadingState label="Loading snapshots" />
      ) : isEmpty ? (
        <EmptyState
          icon={<Camera className="size-5" />}
          title="No snapshots yet"
          actions={
            <>
              {importButton}
              {prompts === 0 ? (
                <LinkButton href={`/projects/${projectId}/import`} variant="primary">
                  Import prompts
                </LinkButton>
              ) : (
                createButton
              )}
            </>
          }
        >
          {prompts === 0
            ? 'This project holds no prompts yet. Import some first, or import a snapshot made elsewhere.'
            : 'Freeze the annotations of this moment into pairs, then train on them or export them.'}
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          {data.snapshots.map((snapshot) => (
            <SnapshotCard key={snapshot.id} projectId={projectId} snapshot={snapshot} />
          ))}
        </div>
      )}
      {creating ? (
        <CreateSnapshotDialog
          projectId={projectId}
          suggestedName={`Snapshot ${(data?.snapshots.length ?? 0) + 1}`}
          isOpen
          onOpenChange={setCreating}
        />
      ) : null}
    </Page>
  );
}
