'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { formatDate, formatDateTime } from '@/components/ui/format';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { InviteDialog } from './invite-dialog';
import { type Role, useMe } from './use-me';

type User = { id: string; name: string; email: string; role: Role; createdAt: string };
type PendingInvite = {
  id: string;
  role: Role;
  projectName?: string | null;
  expiresAt: string;
  usedAt?: string | null;
};

export function PeoplePage() {
  const [inviting, setInviting] = useState(false);
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const users = useApi<{ users: User[] }>('/users', { enabled: isAdmin });
  const invites = useApi<{ invites: PendingInvite[] }>('/invites', { enabled: isAdmin });
  const open = (invites.data?.invites ?? []).filter((invite) => !invite.usedAt && !isPast(invite.expiresAt));

  if (me.data && !isAdmin) {
    return (
      <Page>
        <PageHeader title="People" />
        <p className="text-soft">Only administrators manage people.</p>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title="People"
        description="Everybody joins by a one-time link. What each may do follows from the role."
        actions={
          <Button
            variant="primary"
            icon={<UserPlus aria-hidden="true" className="size-4" />}
            onClick={() => setInviting(true)}
          >
            Invite someone
          </Button>
        }
      />
      {users.isError ? (
        <ErrorState error={users.error} onRetry={() => users.refetch()} />
      ) : users.data ? (
        <Card flush>
          <Table caption="People with an account">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>E-mail</Th>
                <Th>Role</Th>
                <Th>Since</Th>
              </tr>
            </thead>
            <tbody>
              {users.data.users.map((user) => (
                <tr key={user.id}>
                  <Td className="font-medium">{user.name}</Td>
                  <Td>{user.email}</Td>
                  <Td>
                    <Badge tone={user.role === 'admin' ? 'accent' : 'neutral'}>{user.role}</Badge>
                  </Td>
                  <Td className="whitespace-nowrap text-soft">{formatDate(user.createdAt)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      ) : (
        <LoadingState label="Loading people" />
      )}
      {open.length > 0 ? (
        <section aria-labelledby="open-invitations" className="mt-8">
          <h2 id="open-invitations" className="mb-3 font-semibold text-base">
            Open invitations
          </h2>
          <Card flush>
            <Table caption="Open invitations">
              <thead>
                <tr>
                  <Th>Role</Th>
                  <Th>Project</Th>
                  <Th>Valid until</Th>
                </tr>
              </thead>
              <tbody>
                {open.map((invite) => (
                  <tr key={invite.id}>
                    <Td>
                      <Badge>{invite.role}</Badge>
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
