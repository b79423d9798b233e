'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useCreation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { TextField } from '@/components/ui/field';
import { useToast } from '@/components/ui/toast';
import { OwnPasswordField, PasswordProblem } from './own-password';

/** Changes the address with which the person signs in. */
export function EmailForm({ email }: { email: string }) {
  const t = useTranslations('account');
  const toast = useToast();
  const [wanted, setWanted] = useState(email);
  const [password, setPassword] = useState('');
  const change = useCreation(
    (json: { email: string; password: string }) => api('/auth/change-email', { method: 'POST', json }),
    ['/me', '/users'],
    () => {
      toast(t('emailChanged'), 'good');
      setPassword('');
    },
  );
  return (
    <Card>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ email: wanted.trim(), password });
        }}
      >
        <CardHeader title={t('changeEmail')} description={t('changeEmailHint')} />
        <TextField
          label={t('newEmail')}
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <OwnPasswordField value={password} onChange={setPassword} />
        <PasswordProblem error={change.error} />
        <Button
          type="submit"
          pending={change.isPending}
          disabled={wanted.trim() === email}
          className="justify-self-end"
        >
          {t('changeEmail')}
        </Button>
      </form>
    </Card>
  );
}
