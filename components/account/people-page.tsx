'use client';

import { UserPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { AccountsAnswer } from '@/lib/schemas/people';
import { InviteDialog } from './invite-dialog';
import { OpenInvitations } from './open-invitations';
import { PersonDialog } from './person-dialog';
import { useMe } from './use-me';

export function PeoplePage() {
  const { formatDate } = useFormats();
  const t = useTranslations('account');
  const [inviting, setInviting] = useState(false);
  const [managedId, setManagedId] = useState<string | null>(null);
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const users = useApi<AccountsAnswer>('/users', { enabled: isAdmin });
  const accounts = users.data?.users ?? [];
  const managed = accounts.find(({ id }) => id === managedId);

  if (me.data && !isAdmin) {
    return (
      <Page>
        <PageHeader title={t('people')} />
        <p className="text-soft">{t('administratorsOnly')}</p>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title={t('people')}
        description={t('peopleIntro')}
        actions={
          <>
            <LinkButton href="/people/audit">{t('auditLog')}</LinkButton>
            <Button
              variant="primary"
              icon={<UserPlus aria-hidden="true" className="size-4" />}
              onClick={() => setInviting(true)}
            >
              {t('inviteSomeone')}
            </Button>
          </>
        }
      />
      {users.isError ? (
        <ErrorState error={users.error} onRetry={() => users.refetch()} />
      ) : users.data ? (
        <Card flush>
          <Table caption={t('peopleWithAccount')}>
            <thead>
              <tr>
                <Th>{t('name')}</Th>
                <Th className="max-sm:hidden">{t('email')}</Th>
                <Th>{t('role')}</Th>
                <Th className="max-sm:hidden">{t('joined')}</Th>
                <Th>
                  <span className="sr-only">{t('actions')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {users.data.users.map((user) => (
                <tr key={user.id}>
                  <Td className="font-medium">
                    <bdi>{user.name}</bdi>
                    {user.deactivatedAt ? (
                      <Badge tone="warn" className="ms-2">
                        {t('deactivated')}
                      </Badge>
                    ) : null}
                    {user.hasSecondFactor ? (
                      <Badge tone="good" className="ms-2">
                        {t('secondFactor')}
                      </Badge>
                    ) : null}
                    <span className="block font-normal text-[0.8125rem] text-soft wrap-anywhere sm:hidden">
                      {user.email}
                    </span>
                  </Td>
                  <Td className="max-sm:hidden">{user.email}</Td>
                  <Td>
                    <Badge tone={user.role === 'admin' ? 'accent' : 'neutral'}>{t(`roles.${user.role}`)}</Badge>
                  </Td>
                  <Td className="whitespace-nowrap text-soft max-sm:hidden">{formatDate(user.createdAt)}</Td>
                  <Td className="text-end">
                    <Button
                      size="sm"
                      aria-label={t('managePerson', { name: user.name })}
                      onClick={() => setManagedId(user.id)}
                    >
                      {t('manage')}
                    </Button>
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      ) : (
        <LoadingState label={t('loadingPeople')} />
      )}
      <OpenInvitations />
      {managed ? (
        <PersonDialog
          person={managed}
          others={accounts.filter(({ id, deactivatedAt }) => id !== managed.id && !deactivatedAt)}
          onClose={() => setManagedId(null)}
        />
      ) : null}
      <InviteDialog isOpen={inviting} onOpenChange={setInviting} />
    </Page>
  );
}
