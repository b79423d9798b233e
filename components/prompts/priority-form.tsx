'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button, Notice, useErrorMessage, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import type { ChangeablePrompt } from '@/lib/schemas/prompt-change';
import type { Prioritized } from '@/lib/schemas/prompt-priority';
import { PriorityField } from './priority-field';

/** The priority of one prompt. */
export function PriorityForm({ projectId, prompt }: { projectId: string; prompt: ChangeablePrompt }) {
  const t = useTranslations('prompts');
  const toast = useToast();
  const errorMessage = useErrorMessage();
  const [typed, setTyped] = useState(String(prompt.priority));
  const root = `/projects/${projectId}/prompts`;
  const set = useApiMutation(
    (priority: number) =>
      api<Prioritized>(`${root}/priority`, { method: 'POST', json: { promptId: prompt.promptId, priority } }),
    [root],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(Number(typed), { onSuccess: ({ changed }) => toast(t('prioritized', { count: changed }), 'good') });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 border-line border-t pt-4">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <PriorityField value={typed} onChange={setTyped} />
        <Button type="submit" className="sm:mt-6.5" pending={set.isPending}>
          {t('setPriority')}
        </Button>
      </div>
      {set.isError ? <Notice tone="bad">{errorMessage(set.error)}</Notice> : null}
    </form>
  );
}
