'use client';

import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Notice, useErrorMessage } from './states';

/** A dialog around a form: fields as children, an error below them, and a button that sends it. */
export function FormDialog({
  title,
  submit,
  cancel,
  variant = 'primary',
  pending,
  disabled = false,
  dismissable = false,
  error = null,
  className = 'grid gap-4',
  onSubmit,
  onClose,
  children,
}: {
  title: ReactNode;
  submit: string;
  /** Without it, the dialog is closed by its corner and by Escape alone. */
  cancel?: string | undefined;
  variant?: 'primary' | 'danger';
  pending: boolean;
  disabled?: boolean;
  /** Whether a press outside closes it; not where somebody has typed. */
  dismissable?: boolean;
  error?: Error | null;
  /** Of the form. */
  className?: string;
  onSubmit: (form: HTMLFormElement) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const id = useId();
  const errorMessage = useErrorMessage();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(event.currentTarget);
  };
  return (
    <Dialog
      title={title}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      dismissable={dismissable}
      actions={
        <>
          {cancel === undefined ? null : <Button onClick={onClose}>{cancel}</Button>}
          <Button type="submit" form={id} variant={variant} pending={pending} disabled={disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} className={className} onSubmit={send}>
        {children}
        {error ? <Notice tone="bad">{errorMessage(error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
