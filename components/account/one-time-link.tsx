'use client';

import { useTranslations } from 'next-intl';
import { useFormats } from '@/components/ui/use-formats';
import type { OneTimeLink } from '@/lib/schemas/people';
import { CopyField } from './copy-field';

/** A link that is shown once, to be copied. */
export function OneTimeLinkField({ label, link: { url, expiresAt } }: { label: string; link: OneTimeLink }) {
  const t = useTranslations('account');
  const { formatDateTime } = useFormats();
  // The page's own origin is known to be reachable, unlike the one that the server assumes.
  const link = new URL(new URL(url).pathname, window.location.origin).href;
  const hint = t('invitationLinkHint', { expiresAt: formatDateTime(expiresAt) });
  return <CopyField label={label} hint={hint} value={link} copy={t('copyLink')} copied={t('linkCopied')} />;
}
