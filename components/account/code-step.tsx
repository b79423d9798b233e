'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { AppCodeField } from './app-code-field';

/** The second step of signing in: a code of the app, or a recovery code. */
export function CodeStep({ onDone, onStartOver }: { onDone: () => void; onStartOver: () => void }) {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  const [usesRecovery, setUsesRecovery] = useState(false);
  const path = usesRecovery ? 'verify-backup-code' : 'verify-totp';
  const verify = useApiMutation(
    (code: string) => api(`/auth/two-factor/${path}`, { method: 'POST', json: { code } }),
    ['/me'],
    onDone,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    verify.mutate(String(new FormData(event.currentTarget).get('code')).trim());
  };
  const change = () => {
    verify.reset();
    setUsesRecovery(!usesRecovery);
  };
  return (
    <form key={path} onSubmit={submit} className="grid gap-4">
      <p className="text-sm text-soft">{t(usesRecovery ? 'enterRecoveryCode' : 'enterAppCode')}</p>
      {usesRecovery ? (
        <TextField label={t('recoveryCode')} name="code" autoComplete="off" maxLength={40} required dir="ltr" />
      ) : (
        <AppCodeField />
      )}
      {verify.isError ? <Notice tone="bad">{errorMessage(verify.error)}</Notice> : null}
      <Button type="submit" variant="primary" pending={verify.isPending || verify.isSuccess}>
        {t('signIn')}
      </Button>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="ghost" onClick={change}>
          {t(usesRecovery ? 'useAppCode' : 'useRecoveryCode')}
        </Button>
        <Button size="sm" variant="ghost" onClick={onStartOver}>
          {t('startOver')}
        </Button>
      </div>
    </form>
  );
}
