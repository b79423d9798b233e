'use client';

import { UserPlus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { InviteDialog } from '@/components/account/invite-dialog';
import { useMe } from '@/components/account/use-me';
import { api, useApiMutation } from '@/components/ui/api';
import { Button, IconButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { Member } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { AddMemberDialog } from './add-member-dialog';

export function Members({ project, members }: { project: Project; members: Member[] }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('projects');
  const roles = useTranslations('account');
  const me = useMe();
  const toast = useToast();
  const [inviting, setInviting] = useState(false);
  const [adding, setAdding] = useState(false);
  const isAdmin = me.data?.user?.role === 'admin';
  const path = `/projects/${project.id}`;
  const remove = useApiMutation(
    (userId: string) => api(`${path}/members`, { method: 'DELETE', json: { userId } }),
    [path],
  );

  const removeMember = (member: Member) =>
    remove.mutate(member.userId, {
      onSuccess: () => toast(t('memberRemoved', { name: member.name })),
      onError: (error) => toast(errorMessage(error), 'bad'),
    });

  return (
    <Card>
      <CardHeader
        title={t('members')}
        className="mb-3"
        actions={
          <Button size="sm" onClick={() => setAdding(true)}>
            {t('addMember')}
          </Button>
        }
      />
      {members.length === 0 ? (
        <p className="text-sm text-soft">{t('noMembers')}</p>
      ) : (
        <ul className="-my-1 divide-y divide-line">
          {members.map((member) => (
            <li key={member.userId} className="flex items-center gap-3 py-2">
              <div className="min-w-0 flex-1">
                <p dir="auto" className="truncate font-medium text-sm [text-align:match-parent]">
                  {member.name}
                </p>
                <p className="truncate text-[0.8125rem] text-faint">
                  {member.email} · {roles(`roles.${member.role}`)}
                </p>
              </div>
              <IconButton
                label={t('removeMember', { name: member.name })}
                size="sm"
                onClick={() => removeMember(member)}
              >
                <X aria-hidden="true" className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {isAdmin ? (
        <Button
          size="sm"
          variant="ghost"
          className="-ms-2.5 mt-3"
          icon={<UserPlus aria-hidden="true" className="size-4" />}
          onClick={() => setInviting(true)}
        >
          {t('inviteNewPerson')}
        </Button>
      ) : null}
      <AddMemberDialog projectPath={path} isOpen={adding} onOpenChange={setAdding} />
      <InviteDialog isOpen={inviting} onOpenChange={setInviting} project={project} />
    </Card>
  );
}
