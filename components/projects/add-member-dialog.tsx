'use client';

import { type FormEvent, useId } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Select, TextField } from '@/components/ui/field';
import { errorMessage, Notice } from '@/components/ui/states';

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
  const formId = useId();
  const add = useApiMutation(
    (input: { email: string; role: string }) => api(`${projectPath}/members`, { method: 'POST', json: input }),
    [projectPath],
  );

  const change = (open: boolean) => {
    if (!open) add.reset();
    onOpenChange(open);
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (add.isPending) return;
    const form = new FormData(event.currentTarget);
    add.mutate(
      { email: String(form.get('email')).trim(), role: String(form.get('role')) },
      { onSuccess: () => change(false) },
    );
  };

  return (
    <Dialog
      title="Add member"
      isOpen={isOpen}
      onOpenChange={change}
      actions={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" pending={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <TextField label="E-mail of their account" name="email" type="email" required autoComplete="off" />
        <Select
          label="Role in this project"
          name="role"
          options={[
            { value: 'annotator', label: 'Annotator' },
            { value: 'researcher', label: 'Researcher' },
          ]}
        />
        {add.isError ? <Notice tone="bad">{errorMessage(add.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
