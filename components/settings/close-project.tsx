'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, DownloadButton, TextField, useErrorMessage, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import type { Project, ProjectAnswer, ProjectCounts } from '@/lib/schemas/project';

/** Archives the project, takes it out of the archive, or deletes it. */
export function CloseProject({ project, counts }: { project: Project; counts: ProjectAnswer['counts'] }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const errorMessage = useErrorMessage();
  const [deleting, setDeleting] = useState(false);
  const path = `/projects/${project.id}`;
  const archive = useApiMutation(
    (archived: boolean) => api(`${path}/archive`, { method: 'POST', json: { archived } }),
    ['/projects'],
    () => toast(t(project.isArchived ? 'close.unarchivedNow' : 'close.archivedNow')),
  );
  const press = () => archive.mutate(!project.isArchived, { onError: (error) => toast(errorMessage(error), 'bad') });
  return (
    <Card>
      <CardHeader
        title={t('close.title')}
        description={t(project.isArchived ? 'close.unarchiveHint' : 'close.archiveHint')}
        className="mb-4"
      />
      <Button onClick={press} pending={archive.isPending}>
        {t(project.isArchived ? 'close.unarchive' : 'close.archive')}
      </Button>
      <p className="mt-5 mb-3 border-line border-t pt-4 text-[0.8125rem] text-soft">{t('close.deleteHint')}</p>
      <Button variant="danger" onClick={() => setDeleting(true)}>
        {t('close.delete')}
      </Button>
      {deleting ? (
        <DeleteDialog project={project} counts={counts as ProjectCounts} onClose={() => setDeleting(false)} />
      ) : null}
    </Card>
  );
}

/** Says what will be gone, offers to export it first, and wants the project's name typed. */
function DeleteDialog({
  project: { id, name },
  counts,
  onClose,
}: {
  project: Project;
  counts: ProjectCounts;
  onClose: () => void;
}) {
  const t = useTranslations('settings');
  const toast = useToast();
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const { prompts, annotations, snapshots, runs } = counts;
  const remove = useApiMutation(
    () => api(`/projects/${id}`, { method: 'DELETE', json: { name: typed } }),
    [],
    () => {
      toast(t('close.deleted', { name }));
      router.replace('/');
    },
  );
  return (
    <FormDialog
      title={t('close.deleteTitle', { name })}
      submit={t('close.deleteNow')}
      cancel={t('cancel')}
      variant="danger"
      pending={remove.isPending || remove.isSuccess}
      disabled={typed.trim() !== name.trim()}
      error={remove.error}
      className="grid gap-4 text-sm"
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t('close.lost', { prompts, annotations, snapshots, runs })}</p>
      <div>
        <DownloadButton href={`/api/projects/${id}/annotations/export`}>{t('close.exportFirst')}</DownloadButton>
      </div>
      <TextField
        label={t('close.typeName')}
        autoComplete="off"
        dir="auto"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </FormDialog>
  );
}
