'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { api, useInvalidate } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { useOneAtATime } from '@/components/ui/idempotency-key';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-rules';
import type { ResetSummary } from '@/lib/schemas/people';
import { AccountFrame } from './account-frame';
import { LinkFrame } from './link-frame';

/** The page behind a one-time link for a new password. */
export function ResetForm({ token }: { token: string }) {
  const t = useTranslations('account');
  const path = `/reset/${encodeURIComponent(token)}`;
  return (
    <LinkFrame<ResetSummary> path={path}>
      {({ email }) => (
        <AccountFrame title={t('chooseNewPassword')} description={t('newPasswordFor', { email })}>
          <NewPasswordForm path={path} email={email} />
        </AccountFrame>
      )}
    </LinkFrame>
  );
}

function NewPasswordForm({ path, email }: { path: string; email: string }) {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  const router = useRouter();
  const invalidate = useInvalidate();
  const once = useOneAtATime();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void once(() => send(String(form.get('password')), String(form.get('again'))));
  };
  const send = async (password: string, again: string) => {
    if (password !== again) return setProblem(t('passwordsDiffer'));
    setPending(true);
    setProblem(null);
    try {
      await api(path, { method: 'POST', json: { password } });
      await invalidate('/me');
      router.replace('/');
    } catch (error) {
      setProblem(errorMessage(error));
      setPending(false);
    }
  };

  const rules = { type: 'password', autoComplete: 'new-password', required: true, maxLength: MAX_PASSWORD_LENGTH };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {/* Password managers read the account's name from this field. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label={t('newPassword')}
        name="password"
        minLength={MIN_PASSWORD_LENGTH}
        hint={t('passwordHint')}
        {...rules}
      />
      <TextField label={t('confirmNewPassword')} name="again" {...rules} />
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      <Button type="submit" variant="primary" pending={pending} className="mt-1">
        {t('savePassword')}
      </Button>
    </form>
  );
}
