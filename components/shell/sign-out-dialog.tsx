'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

export interface Unsent {
  count: number;
  /** Whether the work stays in this browser and is sent when its author signs in here again. */
  kept: boolean;
}

/** Asks for confirmation before somebody signs out whose work has not all been sent. */
export function SignOutDialog({
  unsent,
  onClose,
  onSignOut,
}: {
  unsent: Unsent | null;
  onClose: () => void;
  onSignOut: () => Promise<void>;
}) {
  const t = useTranslations('shell');
  const [pending, setPending] = useState(false);
  const leave = async () => {
    setPending(true);
    await onSignOut();
    setPending(false);
    onClose();
  };
  return (
    <Dialog
      title={t('signOutUnsentTitle')}
      isOpen={unsent !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      actions={
        <>
          <Button onClick={onClose}>{t('staySignedIn')}</Button>
          <Button variant="danger" pending={pending} onClick={leave}>
            {t('signOutAnyway')}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        {t('unsentChanges', { count: unsent?.count ?? 0 })} {t(unsent?.kept === false ? 'unsentLost' : 'unsentKept')}
      </p>
    </Dialog>
  );
}
