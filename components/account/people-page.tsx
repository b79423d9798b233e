'use client';

import { UserPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { AccountsAnswer, InvitesAnswer } from '@/lib/schemas/people';
import { InviteDialog } from './invite-dialog';
import { useMe } from './use-me';

export function PeoplePage() {
  const { formatDate, formatDateTime } = useFormats();
  const t = useTranslations('account');
  const [inviting, setInviting] = useState(false);
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const users = useApi<AccountsAnswer>('/users', { enabled: isAdmin });
  const invites = useApi<InvitesAnswer>('/invites', { enabled: isAdmin });
  const open = (invites.data?.invites ?? []).filter((invite) => !invite.usedAt && !isPast(invite.expiresAt));

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
          <Button
            variant="primary"
            icon={<UserPlus aria-hidden="true" className="size-4" />}
            onClick={() => setInviting(true)}
          >
            {t('inviteSomeone')}
          </Button>
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
                <Th>{t('email')}</Th>
                <Th>{t('role')}</Th>
                <Th>{t('joined')}</Th>
              </tr>
            </thead>
            <tbody>
              {users.data.users.map((user) => (
                <tr key={user.id}>
                  <Td className="font-medium">{user.name}</Td>
                  <Td>{user.email}</Td>
                  <Td>
                    <Badge tone={user.role === 'admin' ? 'accent' : 'neutral'}>{t(`roles.${user.role}`)}</Badge>
                  </Td>
                  <Td className="whitespace-nowrap text-soft">{formatDate(user.createdAt)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      ) : (
        <LoadingState label={t('loadingPeople')} />
      )}
      {open.length > 0 ? (
        <section aria-labelledby="open-invitations" className="mt-8">
          <h2 id="open-invitations" className="mb-3 font-semibold text-base">
            {t('openInvitations')}
          </h2>
          <Card flush>
            <Table caption={t('openInvitations')}>
              <thead>
                <tr>
                  <Th>{t('role')}</Th>
                  <Th>{t('project')}</Th>
                  <Th>{t('validUntil')}</Th>
                </tr>
              </thead>
              <tbody>
                {open.map((invite) => (
                  <tr key={invite.id}>
                    <Td>
                      <Badge>{t(`roles.${invite.role}`)}</Badge>
                    </Td>
                    <Td className="text-soft">{invite.projectName ?? '—'}</Td>
                    <Td className="whitespace-nowrap text-soft">{formatDateTime(invite.expiresAt)}</Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Card>
        </section>
      ) : null}
      <InviteDialog isOpen={inviting} onOpenChange={setInviting} />
    </Page>
  );
}

function isPast(time: string): boolean {
  return Date.parse(time) < Date.now();
}
