'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { effectSentences } from './settings-effects';
import type { SettingsSave } from './use-settings';

/** Says what changed settings would do to the work that is there, before they are saved. */
export function EffectsDialog({ saving }: { saving: SettingsSave }) {
  const t = useTranslations('ui');
  if (!saving.effects) return null;
  return (
    <Dialog
      title={t('effects.title')}
      isOpen
      onOpenChange={saving.withdraw}
      actions={
        <>
          <Button onClick={saving.withdraw}>{t('effects.cancel')}</Button>
          <Button variant="primary" pending={saving.pending} onClick={saving.confirm}>
            {t('effects.save')}
          </Button>
        </>
      }
    >
      <ul className="grid list-disc gap-1.5 ps-5 text-sm">
        {effectSentences(saving.effects, t).map((sentence) => (
          <li key={sentence} className="wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
