'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { useFormats } from '@/components/ui/use-formats';
import type { OneTimeLink } from '@/lib/schemas/people';

/** A link that is shown once, to be copied. */
export function OneTimeLinkField({ label, link: { url, expiresAt } }: { label: string; link: OneTimeLink }) {
  const t = useTranslations('account');
  const { formatDateTime } = useFormats();
  const [copied, setCopied] = useState(false);
  // The page's own origin is known to be reachable, unlike the one that the server assumes.
  const link = new URL(new URL(url).pathname, window.location.origin).href;

  const copy = async (input: HTMLInputElement | null) => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      // Without clipboard permission, or on plain http, the link is selected for copying by hand.
      input?.select();
    }
  };

  return (
    <div className="grid gap-3">
      <Field label={label} hint={t('invitationLinkHint', { expiresAt: formatDateTime(expiresAt) })}>
        {(props) => (
          <div className="flex gap-2">
            <input
              {...props}
              readOnly
              value={link}
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
              {copied ? t('copied') : t('copyLink')}
            </Button>
          </div>
        )}
      </Field>
      <p role="status" className="sr-only">
        {copied ? t('linkCopied') : ''}
      </p>
    </div>
  );
}
