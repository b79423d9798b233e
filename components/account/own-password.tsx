'use client';

import { useTranslations } from 'next-intl';
import { ApiError } from '@/components/ui/api';
import { TextField } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { MAX_PASSWORD_LENGTH } from '@/lib/schemas/password-rules';

/** Asks for the person's password before something of the account is changed. */
export function OwnPasswordField({ value, onChange }: { value: string; onChange: (password: string) => void }) {
  const t = useTranslations('account');
  return (
    <TextField
      label={t('yourPassword')}
      type="password"
      autoComplete="current-password"
      required
      maxLength={MAX_PASSWORD_LENGTH}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Why a change that needed the password failed; nothing where it did not. */
export function PasswordProblem({ error }: { error: Error | null }) {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  if (!error) return null;
  const wrong = error instanceof ApiError && error.code === 'invalid_password';
  return <Notice tone="bad">{wrong ? t('currentPasswordWrong') : errorMessage(error)}</Notice>;
}
