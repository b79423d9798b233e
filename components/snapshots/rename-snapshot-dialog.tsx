'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TextField, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import { snapshotsPath } from './snapshot-api';

export function RenameSnapshotDialog({ snapshot, onClose }: { snapshot: SnapshotSummary; onClose: () => void }) {
  const t = useTranslations('snapshots');
  const toast = useToast();
  const [name, setName] = useState(snapshot.name);
  const rename = useApiMutation(
    (json: { name: string }) => api(`/snapshots/${snapshot.id}`, { method: 'PATCH', json }),
    [snapshotsPath(snapshot.projectId), `/projects/${snapshot.projectId}/runs`],
    () => {
      toast(t('renamed', { name: name.trim() }), 'good');
      onClose();
    },
  );
  return (
    <FormDialog
      title={t('renameTitle')}
      submit={t('rename')}
      cancel={t('cancel')}
      pending={rename.isPending}
      disabled={name.trim() === ''}
      error={rename.error}
      onSubmit={() => rename.mutate({ name: name.trim() })}
      onClose={onClose}
    >
      <TextField
        label={t('name')}
        hint={t('renameHint')}
        required
        maxLength={200}
        autoComplete="off"
        dir="auto"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
    </FormDialog>
  );
}
