'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ApiError, api, useInvalidate } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { useOneAtATime } from '@/components/ui/idempotency-key';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-rules';
import type { InviteSummary } from '@/lib/schemas/people';
import { AccountFrame } from './account-frame';
import { LinkFrame } from './link-frame';

/** The page behind a one-time link: the first administrator's setup, or an invitation. */
export function InviteForm({ token }: { token: string }) {
  const t = useTranslations('account');
  const path = `/invites/${encodeURIComponent(token)}`;
  return (
    <LinkFrame<InviteSummary> path={path} invalidHint={t('linkInvalidHint')}>
      {({ isSetup, role, projectName }) => (
        <AccountFrame
          title={isSetup ? t('setUpTitle') : t('createYourAccount')}
          description={
            isSetup
              ? t('setUpHint')
              : [projectName ? t('invitedToProject', { projectName }) : null, t(`roleSentences.${role}`)]
                  .filter(Boolean)
                  .join(' ')
          }
        >
          <AccountForm path={path} label={isSetup ? t('createAdministrator') : t('createAccount')} />
        </AccountFrame>
      )}
    </LinkFrame>
  );
}

function AccountForm({ path, label }: { path: string; label: string }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('account');
  const router = useRouter();
  const invalidate = useInvalidate();
  const once = useOneAtATime();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void once(() => send(form));
  };

  const send = async (form: FormData) => {
    setPending(true);
    setProblem(null);
    try {
      await api(`${path}/accept`, {
        method: 'POST',
        json: {
          name: String(form.get('name')).trim(),
          email: String(form.get('email')).trim(),
          password: String(form.get('password')),
        },
      });
      await invalidate('/me');
      router.replace('/');
    } catch (error) {
      const taken = error instanceof ApiError && error.status === 409;
      setProblem(taken ? `${error.message}` : errorMessage(error));
      setPending(false);
    }
  };

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField label={t('name')} name="name" autoComplete="name" required maxLength={100} />
      <TextField label={t('email')} name="email" type="email" autoComplete="username" required />
      <TextField
        label={t('password')}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={MAX_PASSWORD_LENGTH}
        hint={t('passwordHint')}
      />
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      <Button type="submit" variant="primary" pending={pending} className="mt-1">
        {label}
      </Button>
    </form>
  );
}
