'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

/** Shows recovery codes, once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations('account');
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Without clipboard permission, or on plain http, the codes are copied by hand.
    await navigator.clipboard?.writeText(codes.join('\n')).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <Dialog
      title={t('recoveryCodes')}
      isOpen
      onOpenChange={onClose}
      dismissable={false}
      actions={
        <>
          <Button onClick={copy}>{copied ? t('copied') : t('copyCodes')}</Button>
          <Button variant="primary" onClick={onClose}>
            {t('codesStored')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <p className="text-sm text-soft">{t('recoveryCodesHint')}</p>
        <ul dir="ltr" aria-label={t('recoveryCodes')} className="grid gap-2 font-mono text-sm min-[24rem]:grid-cols-2">
          {codes.map((code) => (
            <li key={code} className="rounded-md bg-sunken px-3 py-1.5">
              {code}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
