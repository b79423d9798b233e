'use client';

import { useTranslations } from 'next-intl';
import { Button, Dialog } from '@/components/ui';
import type { renamedTiers } from './settings-changes';

/** Asks for confirmation before tiers that people have judged by are renamed, and lists the new names. */
export function RenameTiersDialog({
  renamed,
  isOpen,
  onOpenChange,
  onConfirm,
}: {
  renamed: ReturnType<typeof renamedTiers>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onConfirm: () => void;
}) {
  const t = useTranslations('settings');
  return (
    <Dialog
      title={t('renameTitle')}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="danger" onClick={onConfirm}>
            {t('rename')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 text-sm">
        <p>{t('renameHint')}</p>
        <ul className="grid gap-1.5">
          {renamed.map(({ number, from, to }) => (
            <li key={number} className="wrap-anywhere">
              {t('tierRenamed', { number, from, to })}
            </li>
          ))}
        </ul>
        <p className="text-soft">{t('renameExportsHint')}</p>
      </div>
    </Dialog>
  );
}
