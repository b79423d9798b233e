'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import { Spinner } from '@/components/ui/spinner';
import type { PromptFilter } from '@/lib/schemas/prompt-list';
import type { Prioritized } from '@/lib/schemas/prompt-priority';
import { PriorityField } from './priority-field';
import { usePromptCount } from './use-prompt-count';

/** One priority for all prompts that a filter lets through, once it is said how many these are. */
export function PriorityDialog({
  projectId,
  filter,
  onClose,
}: {
  projectId: string;
  filter: PromptFilter;
  onClose: () => void;
}) {
  const t = useTranslations('prompts');
  const toast = useToast();
  const [typed, setTyped] = useState('0');
  const [jobId, setJobId] = useState('');
  const { count, soFar, error } = usePromptCount(projectId, filter);
  const root = `/projects/${projectId}/prompts`;
  const set = useApiMutation(
    ({ job, priority }: { job: string; priority: number }) =>
      api<Prioritized>(`${root}/priority?job=${job}`, { method: 'POST', json: { priority, filter } }),
    [root],
  );
  const submit = () => {
    const job = newJobId();
    setJobId(job);
    set.mutate(
      { job, priority: Number(typed) },
      {
        onSuccess: ({ changed }) => {
          toast(t('prioritized', { count: changed }), 'good');
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('setPriorityOfAll')}
      submit={count === undefined ? t('setPriority') : t('setPriorityOf', { count })}
      cancel={t('cancel')}
      pending={set.isPending}
      disabled={!count}
      error={set.error ?? error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p role="status" className="flex items-center gap-2 text-sm">
        {count === undefined ? (
          <>
            <Spinner />
            {t('counting', { count: soFar })}
          </>
        ) : (
          t('matching', { count })
        )}
      </p>
      <PriorityField value={typed} onChange={setTyped} />
      <p className="text-[0.8125rem] text-faint">{t('cancelKeeps')}</p>
      {set.isPending ? <JobProgressBar jobId={jobId} label={t('settingPriority')} /> : null}
    </FormDialog>
  );
}
