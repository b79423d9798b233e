'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { api, useCreation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { TextField } from '@/components/ui/field';
import { Page, PageHeader } from '@/components/ui/page-header';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-rules';
import type { Me } from '@/lib/schemas/people';
import { ApiKeysCard } from './api-keys-card';
import { EmailForm } from './email-form';
import { PasswordProblem } from './own-password';
import { SecondFactorCard } from './second-factor-card';
import { SessionsCard } from './sessions-card';
import { useMe } from './use-me';

/** The settings of a person's own account. */
export function AccountPage() {
  const t = useTranslations('account');
  const me = useMe().data;
  const user = me?.user;
  return (
    <Page width="narrow">
      <PageHeader title={t('yourAccount')} />
      {user ? (
        <div className="grid gap-5">
          {/* One key in both places: the card moves when it is set up, and still has the recovery codes to show. */}
          {me.secondFactor === 'needed' ? <SecondFactorCard key="second-factor" state="needed" /> : null}
          <NameForm key={user.name} user={user} />
          <EmailForm key={user.email} email={user.email} />
          <PasswordForm email={user.email} />
          {me.secondFactor === 'needed' ? null : <SecondFactorCard key="second-factor" state={me.secondFactor} />}
          {me.secondFactor === 'needed' ? null : <SessionsCard />}
          {me.secondFactor === 'needed' || user.role === 'annotator' ? null : <ApiKeysCard />}
        </div>
      ) : null}
    </Page>
  );
}

function NameForm({ user }: { user: Me }) {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const [name, setName] = useState(user.name);
  const save = useCreation(
    (json: { name: string }) => api('/auth/update-user', { method: 'POST', json }),
    ['/me', '/users'],
    () => toast(t('nameSaved'), 'good'),
  );
  return (
    <Card>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ name: name.trim() });
        }}
      >
        <CardHeader
          title={t('name')}
          description={t('emailAndRole', { email: user.email, role: t(`roles.${user.role}`) })}
        />
        <TextField
          label={t('name')}
          autoComplete="name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {save.isError ? <Notice tone="bad">{errorMessage(save.error)}</Notice> : null}
        <Button
          type="submit"
          pending={save.isPending}
          disabled={name.trim() === user.name}
          className="justify-self-end"
        >
          {t('saveName')}
        </Button>
      </form>
    </Card>
  );
}

const noPasswords = { current: '', next: '', again: '' };

function PasswordForm({ email }: { email: string }) {
  const t = useTranslations('account');
  const toast = useToast();
  const [passwords, setPasswords] = useState(noPasswords);
  const [different, setDifferent] = useState(false);
  const change = useCreation(
    (json: { currentPassword: string; newPassword: string }) => api('/auth/change-password', { method: 'POST', json }),
    [],
    () => {
      toast(t('passwordChanged'), 'good');
      setPasswords(noPasswords);
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isDifferent = passwords.next !== passwords.again;
    setDifferent(isDifferent);
    if (!isDifferent) change.mutate({ currentPassword: passwords.current, newPassword: passwords.next });
  };
  const field = (part: keyof typeof noPasswords) => ({
    type: 'password',
    required: true,
    maxLength: MAX_PASSWORD_LENGTH,
    value: passwords[part],
    onChange: (event: { target: { value: string } }) => setPasswords({ ...passwords, [part]: event.target.value }),
  });
  return (
    <Card>
      <form className="grid gap-4" onSubmit={submit}>
        <CardHeader title={t('changePassword')} description={t('changePasswordHint')} />
        {/* Password managers read the account's name from this field. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField label={t('currentPassword')} autoComplete="current-password" {...field('current')} />
        <TextField
          label={t('newPassword')}
          autoComplete="new-password"
          minLength={MIN_PASSWORD_LENGTH}
          hint={t('passwordHint')}
          {...field('next')}
        />
        <TextField label={t('confirmNewPassword')} autoComplete="new-password" {...field('again')} />
        {different ? <Notice tone="bad">{t('passwordsDiffer')}</Notice> : <PasswordProblem error={change.error} />}
        <Button type="submit" variant="primary" pending={change.isPending} className="justify-self-end">
          {t('changePassword')}
        </Button>
      </form>
    </Card>
  );
}
