'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, RadioCards, TextField } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import { type CloneProjectRequest, cloneScopes } from '@/lib/schemas/account';
import type { ChangedProject, Project } from '@/lib/schemas/project';

/** Makes a new project from this one, and opens it. */
export function CloneProject({ project }: { project: Project }) {
  const t = useTranslations('settings');
  const [isOpen, setOpen] = useState(false);
  return (
    <Card>
      <CardHeader title={t('clone.title')} description={t('clone.hint')} className="mb-4" />
      <Button onClick={() => setOpen(true)}>{t('clone.open')}</Button>
      {isOpen ? <CloneDialog project={project} onClose={() => setOpen(false)} /> : null}
    </Card>
  );
}

function CloneDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const t = useTranslations('settings');
  const router = useRouter();
  const [name, setName] = useState(() => t('clone.copyOf', { name: project.name }).slice(0, 200));
  const [scope, setScope] = useState<CloneProjectRequest['scope']>('settings');
  const [jobId, setJobId] = useState('');
  const clone = useCreation(
    ({ job, ...json }: CloneProjectRequest & { job: string }) =>
      api<ChangedProject>(`/projects/${project.id}/clone?job=${job}`, { method: 'POST', json }),
    ['/projects'],
  );
  const submit = () => {
    const job = newJobId();
    setJobId(job);
    clone.mutate({ job, name: name.trim(), scope }, (made) => router.push(`/projects/${made.project.id}`));
  };
  return (
    <FormDialog
      title={t('clone.title')}
      submit={t('clone.submit')}
      cancel={clone.isPending ? undefined : t('cancel')}
      pending={clone.isPending || clone.isSuccess}
      error={clone.error}
      className="grid gap-5"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t('clone.name')}
        required
        maxLength={200}
        autoComplete="off"
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <RadioCards
        legend={t('clone.what')}
        name="clone-scope"
        value={scope}
        onChange={(value) => setScope(value as CloneProjectRequest['scope'])}
        options={cloneScopes.map((value) => ({
          value,
          label: t(`clone.scopes.${value}.name`),
          description: t(`clone.scopes.${value}.meaning`),
        }))}
      />
      {clone.isPending ? <JobProgressBar jobId={jobId} label={t('clone.working')} /> : null}
    </FormDialog>
  );
}
