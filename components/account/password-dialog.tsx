'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { useToast } from '@/components/ui/toast';
import type { AuthAnswer } from '@/lib/schemas/people';
import { OwnPasswordField, PasswordProblem } from './own-password';

/** Asks for the password before something is done with the second factor. */
export function PasswordDialog({
  title,
  hint,
  action,
  said,
  onClose,
  onDone,
}: {
  title: string;
  hint: string;
  action: 'enable' | 'disable' | 'generate-backup-codes';
  /** What is said when it is done. */
  said?: string;
  onClose: () => void;
  onDone: (answer: AuthAnswer) => void;
}) {
  const t = useTranslations('account');
  const toast = useToast();
  const [password, setPassword] = useState('');
  const send = useApiMutation(
    () => api<AuthAnswer>(`/auth/two-factor/${action}`, { method: 'POST', json: { password } }),
    action === 'enable' ? [] : ['/me'],
    (answer) => {
      if (said) toast(said, 'good');
      onDone(answer);
    },
  );
  return (
    <FormDialog
      title={title}
      submit={t('goOn')}
      pending={send.isPending}
      onSubmit={() => send.mutate(undefined)}
      onClose={onClose}
    >
      <p className="text-sm text-soft">{hint}</p>
      <OwnPasswordField value={password} onChange={setPassword} />
      <PasswordProblem error={send.error} />
    </FormDialog>
  );
}
