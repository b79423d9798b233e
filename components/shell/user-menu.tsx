'use client';

import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import type { Me } from '@/components/account/use-me';
import { api, apiKey } from '@/components/ui/api';
import { MenuButton } from '@/components/ui/menu';
import { errorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { applyTheme } from './theme';

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '')
    .join('');
}

export function UserMenu({ user }: { user: Me }) {
  const toast = useToast();
  const client = useQueryClient();

  const signOut = async () => {
    try {
      await api('/auth/sign-out', { method: 'POST', json: {} });
      client.setQueryData(apiKey('/me'), { user: null, needsSetup: false });
      // A full load leaves nothing of this person in memory.
      window.location.assign('/sign-in');
    } catch (error) {
      toast(`You are still signed in. ${errorMessage(error)}`, 'bad');
    }
  };

  const iconClass = 'size-4 text-faint';
  return (
    <MenuButton
      label="Account menu"
      className="size-10"
      header={
        <div className="mb-1 border-line border-b px-2.5 pt-2 pb-2.5 text-sm">
          <p className="font-medium">{user.name}</p>
          <p className="text-faint text-[0.8125rem]">
            {user.email} · {user.role}
          </p>
        </div>
      }
      entries={[
        {
          id: 'light',
          label: 'Light',
          icon: <Sun aria-hidden="true" className={iconClass} />,
          onSelect: () => applyTheme('light'),
        },
        {
          id: 'dark',
          label: 'Dark',
          icon: <Moon aria-hidden="true" className={iconClass} />,
          onSelect: () => applyTheme('dark'),
        },
        {
          id: 'system',
          label: 'Like the system',
          icon: <Monitor aria-hidden="true" className={iconClass} />,
          onSelect: () => applyTheme('system'),
        },
        {
          id: 'sign-out',
          label: 'Sign out',
          icon: <LogOut aria-hidden="true" className={iconClass} />,
          onSelect: signOut,
        },
      ]}
    >
      <span
        aria-hidden="true"
        className="inline-flex size-8 items-center justify-center rounded-full bg-accent-wash font-semibold text-accent text-xs"
      >
        {initials(user.name)}
      </span>
    </MenuButton>
  );
}
