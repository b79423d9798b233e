'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useId } from 'react';
import { api, useCreation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Select, TextField } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';

/** Adds someone who already has an account. */
export function AddMemberDialog({
  projectPath,
  isOpen,
  onOpenChange,
}: {
  projectPath: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('projects');
  const formId = useId();
  const add = useCreation(
    (input: { email: string; role: string }) => api(`${projectPath}/members`, { method: 'POST', json: input }),
    [projectPath],
  );

  const change = (open: boolean) => {
    if (!open) add.reset();
    onOpenChange(open);
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({ email: String(form.get('email')).trim(), role: String(form.get('role')) }, () => change(false));
  };

  return (
    <Dialog
      title={t('addMember')}
      isOpen={isOpen}
      onOpenChange={change}
      actions={
        <>
          <Button onClick={() => change(false)}>{t('cancel')}</Button>
          <Button type="submit" form={formId} variant="primary" pending={add.isPending}>
            {t('add')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <TextField label={t('accountEmail')} name="email" type="email" required autoComplete="off" />
        <Select
          label={t('roleInThisProject')}
          name="role"
          options={[
            { value: 'annotator', label: t('annotator') },
            { value: 'researcher', label: t('researcher') },
          ]}
        />
        {add.isError ? <Notice tone="bad">{errorMessage(add.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
