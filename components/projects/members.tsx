'use client';

import { Languages, UserPlus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { InviteDialog } from '@/components/account/invite-dialog';
import { useMe } from '@/components/account/use-me';
import { api, useApiMutation } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { useFormats } from '@/components/ui/use-formats';
import { useNameList } from '@/components/ui/use-name-list';
import type { Member } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { AddMemberDialog } from './add-member-dialog';
import { LanguagesDialog } from './languages-dialog';

export function Members({ project, members }: { project: Project; members: Member[] }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('projects');
  const roles = useTranslations('account');
  const me = useMe();
  const toast = useToast();
  const [inviting, setInviting] = useState(false);
  const [adding, setAdding] = useState(false);
  const [languagesOf, setLanguagesOf] = useState<Member | null>(null);
  const { formatLanguage } = useFormats();
  const nameList = useNameList();
  const languagesInWords = ({ languages }: Member) =>
    languages.length === 0 ? t('allLanguages') : nameList(languages.map(formatLanguage));
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
                <p className="truncate font-medium text-sm">
                  <bdi>{member.name}</bdi>
                  {member.isActive ? null : (
                    <Badge tone="warn" className="ms-2">
                      {roles('deactivated')}
                    </Badge>
                  )}
                </p>
                <p className="text-[0.8125rem] text-faint wrap-anywhere">
                  {[member.email, roles(`roles.${member.role}`), languagesInWords(member)].join(' · ')}
                </p>
              </div>
              <IconButton
                label={t('languagesOf', { name: member.name })}
                size="sm"
                onClick={() => setLanguagesOf(member)}
              >
                <Languages aria-hidden="true" className="size-4" />
              </IconButton>
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
      {languagesOf ? (
        <LanguagesDialog projectPath={path} member={languagesOf} onClose={() => setLanguagesOf(null)} />
      ) : null}
      <AddMemberDialog projectPath={path} isOpen={adding} onOpenChange={setAdding} />
      <InviteDialog isOpen={inviting} onOpenChange={setInviting} project={project} />
    </Card>
  );
}
