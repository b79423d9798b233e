'use client';

import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect } from 'react';
import { useMe } from '@/components/account/use-me';
import { LinkButton } from '@/components/ui/button';
import { Page } from '@/components/ui/page-header';
import { skipLink } from '@/components/ui/skip-link';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import { Logo } from './logo';
import { TrainingLink } from './training-link';
import { UserMenu } from './user-menu';

/** The layout of every page for signed-in people; it redirects everybody else to sign in. */
export function AppShell({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const me = useMe();
  const router = useRouter();
  const pathname = usePathname();
  const user = me.data?.user ?? null;
  const signedOut = me.data !== undefined && user === null;

  useEffect(() => {
    if (signedOut) router.replace(pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(pathname)}`);
  }, [signedOut, router, pathname]);

  return (
    <div className="flex min-h-dvh flex-col">
      <a data-shell href="#content" className={skipLink}>
        {t('skipToContent')}
      </a>
      <header data-shell className="border-line border-b bg-surface print:hidden">
        <div className="mx-auto flex h-14 max-w-[100rem] min-[1800px]:max-w-[150rem] items-center gap-1 px-4 sm:gap-2 sm:px-6">
          <Link href="/" className="me-2 flex items-center gap-2.5 rounded-md font-semibold tracking-tight">
            <Logo />
            <span className="max-[30rem]:sr-only">Rescue Studio</span>
          </Link>
          {user ? (
            <nav aria-label={t('main')} className="flex items-center gap-1">
              <HeaderLink href="/" current={pathname === '/' || pathname.startsWith('/projects')}>
                {t('projects')}
              </HeaderLink>
              {user.role === 'admin' ? (
                <>
                  <HeaderLink href="/models" current={pathname.startsWith('/models')}>
                    {t('models')}
                  </HeaderLink>
                  <HeaderLink href="/people" current={pathname.startsWith('/people')}>
                    {t('people')}
                  </HeaderLink>
                </>
              ) : null}
            </nav>
          ) : null}
          <div className="flex-1" />
          <TrainingLink />
          {user ? <UserMenu user={user} /> : null}
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        {user && me.data?.secondFactor === 'needed' && pathname !== '/account' ? (
          <Page>
            <EmptyState
              title={t('secondFactorNeeded')}
              actions={
                <LinkButton href="/account" variant="primary">
                  {t('setItUp')}
                </LinkButton>
              }
            />
          </Page>
        ) : user ? (
          children
        ) : me.isError ? (
          <Page>
            <ErrorState error={me.error} onRetry={() => me.refetch()} />
          </Page>
        ) : (
          <Page>
            <LoadingState />
          </Page>
        )}
      </main>
    </div>
  );
}

function HeaderLink({ href, current, children }: { href: string; current: boolean; children: ReactNode }) {
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className="rounded-md px-2.5 py-1.5 text-sm text-soft transition-colors hover:bg-hover hover:text-ink aria-[current]:font-medium aria-[current]:text-ink"
    >
      {children}
    </Link>
  );
}
