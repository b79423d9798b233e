'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Select } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { ChangePersonRequest, Role } from '@/lib/schemas/account';
import type { Account, OneTimeLink } from '@/lib/schemas/people';
import { OneTimeLinkField } from './one-time-link';

/** What an administrator does with somebody's account. */
export function PersonDialog({
  person,
  others,
  onClose,
}: {
  person: Account;
  /** Who may take over: people with an active account. */
  others: readonly Account[];
  onClose: () => void;
}) {
  const t = useTranslations('account');
  return (
    <Dialog
      title={<bdi>{person.name}</bdi>}
      isOpen
      onOpenChange={(open) => open || onClose()}
      actions={<Button onClick={onClose}>{t('done')}</Button>}
    >
      <div className="grid gap-6">
        {person.deactivatedAt ? (
          <Reactivation person={person} />
        ) : (
          <>
            <RoleChange key={person.role} person={person} />
            <NewPasswordLink person={person} />
            <EndOfSessions person={person} />
            {person.hasSecondFactor ? <EndOfSecondFactor person={person} /> : null}
            <Transfer person={person} others={others} />
            <Deactivation person={person} others={others} />
          </>
        )}
      </div>
    </Dialog>
  );
}

function Part({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <div>
        <h3 className="font-medium text-sm">{title}</h3>
        <p className="mt-0.5 text-[0.8125rem] text-soft">{hint}</p>
      </div>
      {children}
    </section>
  );
}

function useChange(person: Account, said: string) {
  const toast = useToast();
  return useApiMutation(
    (json: ChangePersonRequest) => api(`/users/${encodeURIComponent(person.id)}`, { method: 'PATCH', json }),
    ['/users', '/me', '/invites', '/audit'],
    () => toast(said, 'good'),
  );
}

function Problem({ error }: { error: Error | null }) {
  const errorMessage = useErrorMessage();
  return error ? <Notice tone="bad">{errorMessage(error)}</Notice> : null;
}

function RoleChange({ person }: { person: Account }) {
  const t = useTranslations('account');
  const [role, setRole] = useState(person.role);
  const change = useChange(person, t('roleSaved'));
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ role });
      }}
    >
      <div className="flex items-end gap-2">
        <Select
          label={t('role')}
          className="flex-1"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
          options={[
            { value: 'annotator', label: t('annotator') },
            { value: 'researcher', label: t('researcher') },
            { value: 'admin', label: t('administrator') },
          ]}
        />
        <Button type="submit" pending={change.isPending} disabled={role === person.role}>
          {t('saveRole')}
        </Button>
      </div>
      <Problem error={change.error} />
    </form>
  );
}

function NewPasswordLink({ person }: { person: Account }) {
  const t = useTranslations('account');
  const make = useApiMutation(
    () => api<OneTimeLink>(`/users/${encodeURIComponent(person.id)}/reset-link`, { method: 'POST' }),
    ['/audit'],
  );
  return (
    <Part title={t('newPasswordLink')} hint={t('newPasswordLinkHint')}>
      {make.data ? (
        <OneTimeLinkField label={t('newPasswordLink')} link={make.data} />
      ) : (
        <Button className="justify-self-start" pending={make.isPending} onClick={() => make.mutate(undefined)}>
          {t('createLink')}
        </Button>
      )}
      <Problem error={make.error} />
    </Part>
  );
}

function EndOfSessions({ person }: { person: Account }) {
  const t = useTranslations('account');
  const toast = useToast();
  const end = useApiMutation(
    () => api(`/users/${encodeURIComponent(person.id)}/sessions`, { method: 'DELETE' }),
    ['/me', '/audit'],
    () => toast(t('sessionsEnded'), 'good'),
  );
  return (
    <Part title={t('sessions')} hint={t('endAllSessionsHint')}>
      <Button className="justify-self-start" pending={end.isPending} onClick={() => end.mutate(undefined)}>
        {t('endAllSessions')}
      </Button>
      <Problem error={end.error} />
    </Part>
  );
}

function EndOfSecondFactor({ person }: { person: Account }) {
  const t = useTranslations('account');
  const toast = useToast();
  const clear = useApiMutation(
    () => api(`/users/${encodeURIComponent(person.id)}/second-factor`, { method: 'DELETE' }),
    ['/users', '/me', '/audit'],
    () => toast(t('secondFactorCleared'), 'good'),
  );
  return (
    <Part title={t('secondFactor')} hint={t('clearSecondFactorHint')}>
      <Button className="justify-self-start" pending={clear.isPending} onClick={() => clear.mutate(undefined)}>
        {t('clearSecondFactor')}
      </Button>
      <Problem error={clear.error} />
    </Part>
  );
}

function Transfer({ person, others }: { person: Account; others: readonly Account[] }) {
  const t = useTranslations('account');
  const [transferTo, setTransferTo] = useState('');
  const change = useChange(person, t('workTransferred'));
  return (
    <Part title={t('transferWork')} hint={t('transferWorkHint')}>
      <Select
        label={t('transferWorkTo')}
        value={transferTo}
        onChange={(event) => setTransferTo(event.target.value)}
        options={[
          { value: '', label: t('choosePerson') },
          ...others.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
        ]}
      />
      <Button
        className="justify-self-start"
        pending={change.isPending}
        disabled={transferTo === ''}
        onClick={() => change.mutate({ transferTo })}
      >
        {t('transferWork')}
      </Button>
      <Problem error={change.error} />
    </Part>
  );
}

function Deactivation({ person, others }: { person: Account; others: readonly Account[] }) {
  const t = useTranslations('account');
  const [transferTo, setTransferTo] = useState('');
  const change = useChange(person, t('personDeactivated', { name: person.name }));
  return (
    <Part title={t('deactivateAccount')} hint={t('deactivateHint')}>
      <Select
        label={t('takesOver')}
        hint={t('takesOverHint')}
        value={transferTo}
        onChange={(event) => setTransferTo(event.target.value)}
        options={[
          { value: '', label: t('nobodyTakesOver') },
          ...others.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
        ]}
      />
      <Button
        variant="danger"
        className="justify-self-start"
        pending={change.isPending}
        onClick={() => change.mutate({ active: false, transferTo: transferTo || undefined })}
      >
        {t('deactivateAccount')}
      </Button>
      <Problem error={change.error} />
    </Part>
  );
}

function Reactivation({ person }: { person: Account }) {
  const t = useTranslations('account');
  const change = useChange(person, t('personReactivated', { name: person.name }));
  return (
    <Part title={t('reactivateAccount')} hint={t('reactivateHint')}>
      <Button className="justify-self-start" pending={change.isPending} onClick={() => change.mutate({ active: true })}>
        {t('reactivateAccount')}
      </Button>
      <Problem error={change.error} />
    </Part>
  );
}
