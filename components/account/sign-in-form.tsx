'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError, api, useInvalidate } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { useOneAtATime } from '@/components/ui/idempotency-key';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { AuthAnswer } from '@/lib/schemas/people';
import { CodeStep } from './code-step';
import { useMe } from './use-me';

/** `next` is a checked path of this site. */
export function SignInForm({ next }: { next: string }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('account');
  const router = useRouter();
  const invalidate = useInvalidate();
  const me = useMe();
  const once = useOneAtATime();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [asksCode, setAsksCode] = useState(false);
  const signedIn = me.data?.user != null;

  useEffect(() => {
    if (signedIn) router.replace(next);
  }, [signedIn, next, router]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void once(() => send(form));
  };

  const send = async (form: FormData) => {
    setPending(true);
    setProblem(null);
    try {
      const { needsCode } = await api<AuthAnswer>('/auth/sign-in/email', {
        method: 'POST',
        json: { email: String(form.get('email')).trim(), password: String(form.get('password')) },
      });
      if (needsCode) {
        setPending(false);
        setAsksCode(true);
        return;
      }
      await invalidate('/me');
      router.replace(next);
    } catch (error) {
      const wrong = error instanceof ApiError && (error.status === 401 || error.status === 400);
      setProblem(wrong ? t('wrongPassword') : errorMessage(error));
      setPending(false);
    }
  };

  if (me.data?.needsSetup) {
    return <Notice>{t('noAccountsYet')}</Notice>;
  }

  if (asksCode) {
    return <CodeStep onDone={() => router.replace(next)} onStartOver={() => setAsksCode(false)} />;
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField label={t('email')} name="email" type="email" autoComplete="username" required />
      <TextField label={t('password')} name="password" type="password" autoComplete="current-password" required />
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      <Button type="submit" variant="primary" pending={pending} className="mt-1">
        {t('signIn')}
      </Button>
      <p className="text-faint text-[0.8125rem]">{t('askForInvitation')}</p>
    </form>
  );
}
