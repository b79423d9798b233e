'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button, Notice, TextField, useErrorMessage } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import type { ChangeablePrompt, ChangePrompt } from '@/lib/schemas/prompt-change';
import type { ChangeTarget } from './change-target';

/** Says what withdrawing or restoring would do, and does it. */
export function WithdrawForm({
  path,
  prompt,
  kind,
  response,
  onDone,
  onBack,
}: {
  path: string;
  prompt: ChangeablePrompt;
  kind: 'withdraw' | 'restore';
  response: ChangeTarget['response'];
  onDone: (kind: 'withdraw' | 'restore') => void;
  onBack: () => void;
}) {
  const t = useTranslations('prompts');
  const errorMessage = useErrorMessage();
  const [note, setNote] = useState('');
  const what = response ? 'response' : 'prompt';
  const save = useApiMutation(
    (json: ChangePrompt) => api(path, { method: 'POST', json }),
    [path],
    () => onDone(kind),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate({ kind, note, ...(response ? { responseId: response.id } : {}) });
  };
  return (
    <form onSubmit={submit} className="grid gap-4 text-sm">
      <p className="wrap-anywhere">{t(`${kind}Hint.${what}`, { ...prompt.reach, name: response?.externalId ?? '' })}</p>
      <TextField
        label={t('reason')}
        maxLength={1000}
        dir="auto"
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {save.isError ? <Notice tone="bad">{errorMessage(save.error)}</Notice> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t('back')}</Button>
        <Button type="submit" variant={kind === 'withdraw' ? 'danger' : 'primary'} pending={save.isPending}>
          {t(`${kind}What.${what}`)}
        </Button>
      </div>
    </form>
  );
}
