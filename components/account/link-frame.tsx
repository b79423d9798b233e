'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useApi } from '@/components/ui/api';
import { LinkButton } from '@/components/ui/button';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { AccountFrame } from './account-frame';

/**
 * The page behind a one-time link: what `path` says of the link is handed to `children` once it is known to be good.
 * `invalidHint` stands in for what the server says of a link that no longer works.
 */
export function LinkFrame<T>({
  path,
  invalidHint,
  children,
}: {
  path: string;
  invalidHint?: string;
  children: (link: T) => ReactNode;
}) {
  const t = useTranslations('account');
  const link = useApi<T>(path);
  if (link.isPending) {
    return (
      <AccountFrame title={t('oneMoment')}>
        <div role="status" aria-label={t('checkingLink')} className="grid gap-4">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      </AccountFrame>
    );
  }
  if (link.isSuccess) return children(link.data);
  const { status, message } = link.error;
  return status === 404 || status === 410 ? (
    <AccountFrame title={t('linkInvalid')} description={invalidHint ?? message}>
      <LinkButton href="/sign-in">{t('signIn')}</LinkButton>
    </AccountFrame>
  ) : (
    <AccountFrame title={t('linkCheckFailed')}>
      <ErrorState error={link.error} onRetry={() => link.refetch()} />
    </AccountFrame>
  );
}
