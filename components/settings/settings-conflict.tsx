'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import type { Project } from '@/lib/schemas/project';
import { EffectsDialog } from './effects-dialog';
import type { SettingsSave } from './use-settings';

/**
 * What is asked before settings are saved: what they would do, or whose changes count where somebody else has saved
 * meanwhile.
 */
export function SettingsConflict({
  saving,
  summarize,
  className,
}: {
  saving: SettingsSave;
  /** Describes the settings at issue of a project. */
  summarize: (project: Project) => ReactNode;
  className?: string;
}) {
  const t = useTranslations('ui');
  if (!saving.theirs) return <EffectsDialog saving={saving} />;
  return (
    <Notice tone="warn" className={className}>
      <p className="font-medium">{t('settingsChanged')}</p>
      <p className="mt-1 wrap-anywhere">
        {t('theirVersion')} {summarize(saving.theirs)}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" onClick={saving.discard}>
          {t('keepTheirs')}
        </Button>
        <Button size="sm" pending={saving.pending} onClick={saving.overwrite}>
          {t('overwriteWithMine')}
        </Button>
      </div>
    </Notice>
  );
}
