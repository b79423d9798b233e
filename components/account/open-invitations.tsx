'use client';

import { useTranslations } from 'next-intl';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useErrorMessage } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { useToast } from '@/components/ui/toast';
import { useFormats } from '@/components/ui/use-formats';
import type { InvitesAnswer } from '@/lib/schemas/people';

/** Invitations that somebody can still use; nothing while there are none. */
export function OpenInvitations() {
  const t = useTranslations('account');
  const { formatDateTime } = useFormats();
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const invites = useApi<InvitesAnswer>('/invites');
  const open = (invites.data?.invites ?? []).filter(
    (invite) => !invite.usedAt && Date.parse(invite.expiresAt) >= Date.now(),
  );
  const revoke = useApiMutation(
    (inviteId: string) => api('/invites', { method: 'DELETE', json: { inviteId } }),
    ['/invites', '/audit'],
    () => toast(t('invitationRevoked'), 'good'),
  );
  if (open.length === 0) return null;
  return (
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
              <Th>
                <span className="sr-only">{t('actions')}</span>
              </Th>
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
                <Td className="text-end">
                  <Button
                    size="sm"
                    pending={revoke.isPending && revoke.variables === invite.id}
                    onClick={() => revoke.mutate(invite.id, { onError: (error) => toast(errorMessage(error), 'bad') })}
                  >
                    {t('revoke')}
                  </Button>
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </section>
  );
}
