'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ApiError, api, useApi, useInvalidate } from '@/components/ui/api';
import { Button, LinkButton } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { ErrorState, errorMessage, Notice, Skeleton } from '@/components/ui/states';
import { AccountFrame } from './account-frame';
import type { Role } from './use-me';

type Invite = { role: Role; projectName?: string | null; expiresAt: string; isSetup: boolean };

const roleSentence: Record<Role, string> = {
  admin: 'You will be an administrator: you manage people, projects and training.',
  researcher: 'You will be a researcher: you make projects, import prompts and train models.',
  annotator: 'You will be an annotator: you sort responses into tiers.',
};

/** The page behind a one-time link: the first administrator's setup, or an invitation. */
export function InviteForm({ token }: { token: string }) {
  const path = `/invites/${encodeURIComponent(token)}`;
  const invite = useApi<Invite>(path);

  if (invite.isPending) {
    return (
      <AccountFrame title="One moment">
        <div role="status" aria-label="Checking the link" className="grid gap-4">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      </AccountFrame>
    );
  }
  if (invite.isError) {
    const gone = invite.error.status === 404 || invite.error.status === 410;
    return gone ? (
      <AccountFrame
        title="This link no longer works"
        description="It has been used, has expired, or was copied only in part. Ask for a new one, or sign in if you already have an account."
      >
        <LinkButton href="/sign-in">Sign in</LinkButton>
      </AccountFrame>
    ) : (
      <AccountFrame title="The link could not be checked">
        <ErrorState error={invite.error} onRetry={() => invite.refetch()} />
      </AccountFrame>
    );
  }

  const { isSetup, role, projectName } = invite.data;
  return (
    <AccountFrame
      title={isSetup ? 'Set up Rescue Studio' : 'Make your account'}
      description={
        isSetup
          ? 'This makes the first administrator. Everybody else joins by invitation.'
          : `${projectName ? `You are invited to “${projectName}”. ` : ''}${roleSentence[role]}`
      }
    >
      <AccountForm path={path} label={isSetup ? 'Create administrator' : 'Create account'} />
    </AccountFrame>
  );
}

function AccountForm({ path, label }: { path: string; label: string }) {
  const router = useRouter();
  const invalidate = useInvalidate();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget);
    setPending(true);
    setProblem(null);
    try {
      await api(`${path}/accept`, {
        method: 'POST',
        json: {
          name: String(form.get('name')).trim(),
          email: String(form.get('email')).trim(),
          password: String(form.get('password')),
        },
      });
      await invalidate('/me');
      router.replace('/');
    } catch (error) {
      const taken = error instanceof ApiError && error.status === 409;
      setProblem(taken ? `${error.message}` : errorMessage(error));
      setPending(false);
    }
  };

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField label="Name" name="name" autoComplete="name" required maxLength={100} />
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={128}
        hint="At least 8 characters."
      />
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      <Button type="submit" variant="primary" pending={pending} className="mt-1">
        {label}
      </Button>
    </form>
  );
}
