'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Check, CircleUser, Languages, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, apiKey } from '@/components/ui/api';
import { MenuButton } from '@/components/ui/menu';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import { LANGUAGE_CODES, LANGUAGES } from '@/lib/i18n/locales';
import type { Me } from '@/lib/schemas/people';
import { useLanguage } from './language';
import type { Unsent } from './sign-out-dialog';
import { applyTheme } from './theme';

// Dialogs are as large as the rest of the shell together, and every page has this menu.
const loadSignOut = () => import('./sign-out-dialog').then(({ SignOutDialog }) => SignOutDialog);

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '')
    .join('');
}

export function UserMenu({ user }: { user: Me }) {
  const t = useTranslations('shell');
  const roles = useTranslations('account');
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const client = useQueryClient();
  const { language, choose } = useLanguage();
  const router = useRouter();
  const [unsent, setUnsent] = useState<Unsent | null>(null);
  // Kept once asked: a dialog gives the focus back while it closes.
  const [asked, setAsked] = useState(false);
  const SignOutDialog = useLoaded(loadSignOut, asked);
  usePreloaded(loadSignOut);

  const signOut = async () => {
    try {
      await api('/auth/sign-out', { method: 'POST', json: {} });
      client.setQueryData(apiKey('/me'), { user: null, needsSetup: false });
      // A full page load removes everything of this person from memory.
      window.location.assign('/sign-in');
    } catch (error) {
      toast(t('signOutFailed', { error: errorMessage(error) }), 'bad');
    }
  };

  /** Signs out, after asking for confirmation when work has not been sent. */
  const leave = async () => {
    const { unsentWork } = await import('@/components/annotate/session/browser-outbox');
    const found = await unsentWork(user.id);
    if (found.count === 0) return signOut();
    setAsked(true);
    setUnsent(found);
  };

  const iconClass = 'size-4 text-faint';
  return (
    <>
      <MenuButton
        label={t('accountMenu')}
        className="size-10"
        header={
          <div className="mb-1 border-line border-b px-2.5 pt-2 pb-2.5 text-sm">
            <p className="font-medium">{user.name}</p>
            <p className="text-faint text-[0.8125rem]">
              {user.email} · {roles(`roles.${user.role}`)}
            </p>
          </div>
        }
        entries={[
          {
            id: 'account',
            label: t('yourAccount'),
            icon: <CircleUser aria-hidden="true" className={iconClass} />,
            onSelect: () => router.push('/account'),
          },
          {
            id: 'light',
            label: t('light'),
            icon: <Sun aria-hidden="true" className={iconClass} />,
            onSelect: () => applyTheme('light'),
          },
          {
            id: 'dark',
            label: t('dark'),
            icon: <Moon aria-hidden="true" className={iconClass} />,
            onSelect: () => applyTheme('dark'),
          },
          {
            id: 'system',
            label: t('system'),
            icon: <Monitor aria-hidden="true" className={iconClass} />,
            onSelect: () => applyTheme('system'),
          },
          ...LANGUAGE_CODES.map((code) => ({
            id: code,
            label: LANGUAGES[code].name,
            icon: <Languages aria-hidden="true" className={iconClass} />,
            note: code === language ? <Check aria-hidden="true" className="size-4 text-accent" /> : null,
            onSelect: () => choose(code),
          })),
          {
            id: 'sign-out',
            label: t('signOut'),
            icon: <LogOut aria-hidden="true" className={`${iconClass} rtl:-scale-x-100`} />,
            onSelect: leave,
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
      {SignOutDialog ? <SignOutDialog unsent={unsent} onClose={() => setUnsent(null)} onSignOut={signOut} /> : null}
    </>
  );
}
