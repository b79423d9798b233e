'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { ProjectSummary } from '@/components/projects/project-types';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, RadioCards, Select } from '@/components/ui/field';
import { formatDateTime } from '@/components/ui/format';
import { errorMessage, Notice } from '@/components/ui/states';
import type { Role } from './use-me';

type MadeInvite = { url: string; expiresAt: string };

/** Makes a one-time link; the link is shown once and cannot be looked up again. */
export function InviteDialog({
  isOpen,
  onOpenChange,
  project,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Given: the invitation is for this project. Otherwise one can be chosen. */
  project?: { id: string; name: string };
}) {
  const [role, setRole] = useState<Role>('annotator');
  const [projectId, setProjectId] = useState('');
  const projects = useApi<{ projects: ProjectSummary[] }>('/projects', { enabled: isOpen && !project });
  const make = useApiMutation(
    () =>
      api<MadeInvite>('/invites', {
        method: 'POST',
        json: { role, projectId: (project?.id ?? projectId) || undefined },
      }),
    ['/invites'],
  );

  const change = (open: boolean) => {
    if (!open) make.reset();
    onOpenChange(open);
  };

  return (
    <Dialog
      title={project ? `Invite to ${project.name}` : 'Invite someone'}
      isOpen={isOpen}
      onOpenChange={change}
      actions={
        make.data ? (
          <Button variant="primary" onClick={() => change(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button variant="primary" pending={make.isPending} onClick={() => make.mutate()}>
              Make link
            </Button>
          </>
        )
      }
    >
      {make.data ? (
        <InviteLink invite={make.data} />
      ) : (
        <div className="grid gap-5">
          <RadioCards
            legend="Role"
            name="invite-role"
            value={role}
            onChange={(value) => setRole(value as Role)}
            options={[
              {
                value: 'annotator',
                label: 'Annotator',
                description: 'Sorts responses into tiers in projects they belong to. Sees no sources.',
              },
              {
                value: 'researcher',
                label: 'Researcher',
                description: 'Makes projects, imports prompts, takes snapshots and trains.',
              },
              ...(project
                ? []
                : [{ value: 'admin', label: 'Administrator', description: 'Everything, including people.' }]),
            ]}
          />
          {project ? null : (
            <Select
              label="Project"
              hint="They become a member of it with this role. Optional."
              value={projectId}
              onChange={(event) => setProjectId(event.target.value)}
              options={[
                { value: '', label: 'No project yet' },
                ...(projects.data?.projects ?? []).map((entry) => ({ value: entry.id, label: entry.name })),
              ]}
            />
          )}
          {make.isError ? <Notice tone="bad">{errorMessage(make.error)}</Notice> : null}
        </div>
      )}
    </Dialog>
  );
}

function InviteLink({ invite }: { invite: MadeInvite }) {
  const [copied, setCopied] = useState(false);

  const copy = async (input: HTMLInputElement | null) => {
    try {
      await navigator.clipboard.writeText(invite.url);
      setCopied(true);
    } catch {
      // No clipboard permission (or plain http): select it so that the person can copy by hand.
      input?.select();
    }
  };

  return (
    <div className="grid gap-3">
      <Field
        label="Invitation link"
        hint={`Works once, until ${formatDateTime(invite.expiresAt)}. It is shown only now.`}
      >
        {(props) => (
          <div className="flex gap-2">
            <input
              {...props}
              readOnly
              value={invite.url}
              onFocus={(event) => event.currentTarget.select()}
              className="h-10 min-w-0 flex-1 rounded-md border border-edge bg-sunken px-3 font-mono text-[0.8125rem]"
            />
            <Button
              onClick={(event) => copy(event.currentTarget.parentElement?.querySelector('input') ?? null)}
              icon={
                copied ? (
                  <Check aria-hidden="true" className="size-4" />
                ) : (
                  <Copy aria-hidden="true" className="size-4" />
                )
              }
            >
              {copied ? 'Copied' : 'Copy link'}
            </Button>
          </div>
        )}
      </Field>
      <p role="status" className="sr-only">
        {copied ? 'Link copied' : ''}
      </p>
    </div>
  );
}
