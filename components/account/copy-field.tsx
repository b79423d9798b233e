'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';

/** A text that is to be copied, with a button that does it. */
export function CopyField({
  label,
  hint,
  value,
  copy,
  copied,
}: {
  label: string;
  hint: string;
  value: string;
  /** The button's words. */
  copy: string;
  /** What a screen reader says afterwards. */
  copied: string;
}) {
  const t = useTranslations('account');
  const [isCopied, setCopied] = useState(false);
  const toClipboard = async (input: HTMLInputElement | null) => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Without clipboard permission, or on plain http, the text is selected for copying by hand.
      input?.select();
    }
  };
  return (
    <div className="grid gap-3">
      <Field label={label} hint={hint}>
        {(props) => (
          <div className="flex gap-2">
            <input
              {...props}
              readOnly
              dir="ltr"
              value={value}
              onFocus={(event) => event.currentTarget.select()}
              className="h-10 min-w-0 flex-1 rounded-md border border-edge bg-sunken px-3 font-mono text-[0.8125rem]"
            />
            <Button
              onClick={(event) => toClipboard(event.currentTarget.parentElement?.querySelector('input') ?? null)}
              icon={
                isCopied ? (
                  <Check aria-hidden="true" className="size-4" />
                ) : (
                  <Copy aria-hidden="true" className="size-4" />
                )
              }
            >
              {isCopied ? t('copied') : copy}
            </Button>
          </div>
        )}
      </Field>
      <p role="status" className="sr-only">
        {isCopied ? copied : ''}
      </p>
    </div>
  );
}
