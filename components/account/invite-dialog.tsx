'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApiList, useCreation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { RadioCards, Select } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { Role } from '@/lib/schemas/account';
import type { OneTimeLink } from '@/lib/schemas/people';
import type { ProjectSummary } from '@/lib/schemas/project';
import { OneTimeLinkField } from './one-time-link';

/** Creates a one-time link, which is shown once and cannot be looked up later. */
export function InviteDialog({
  isOpen,
  onOpenChange,
  project,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** The project to invite to; when missing, one can be chosen. */
  project?: { id: string; name: string };
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('account');
  const [role, setRole] = useState<Role>('annotator');
  const [projectId, setProjectId] = useState('');
  const projects = useApiList<'projects', ProjectSummary>('/projects', 'projects', { enabled: isOpen && !project });
  const make = useCreation(
    (json: { role: Role; projectId?: string }, once) => api<OneTimeLink>('/invites', { method: 'POST', json, once }),
    ['/invites'],
  );

  const change = (open: boolean) => {
    if (!open) make.reset();
    onOpenChange(open);
  };

  return (
    <Dialog
      title={project ? t('inviteToName', { name: project.name }) : t('inviteSomeone')}
      isOpen={isOpen}
      onOpenChange={change}
      actions={
        make.data ? (
          <Button variant="primary" onClick={() => change(false)}>
            {t('done')}
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>{t('cancel')}</Button>
            <Button
              variant="primary"
              pending={make.isPending}
              onClick={() => make.mutate({ role, projectId: (project?.id ?? projectId) || undefined })}
            >
              {t('createLink')}
            </Button>
          </>
        )
      }
    >
      {make.data ? (
        <OneTimeLinkField label={t('invitationLink')} link={make.data} />
      ) : (
        <div className="grid gap-5">
          <RadioCards
            legend={t('role')}
            name="invite-role"
            value={role}
            onChange={(value) => setRole(value as Role)}
            options={[
              {
                value: 'annotator',
                label: t('annotator'),
                description: t('annotatorHint'),
              },
              {
                value: 'researcher',
                label: t('researcher'),
                description: t('researcherHint'),
              },
              ...(project ? [] : [{ value: 'admin', label: t('administrator'), description: t('administratorHint') }]),
            ]}
          />
          {project ? null : (
            <Select
              label={t('project')}
              hint={t('projectHint')}
              value={projectId}
              onChange={(event) => setProjectId(event.target.value)}
              options={[
                { value: '', label: t('noProject') },
                ...(projects.data?.projects ?? []).map((entry) => ({ value: entry.id, label: entry.name })),
              ]}
            />
          )}
          {make.isError ? <Notice tone="bad">{errorMessage(make.error)}</Notice> : null}
        </div>
      )}
    </Dialog>
  );
}
