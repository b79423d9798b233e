'use client';

import { useTranslations } from 'next-intl';
import { Card, RadioCards, useToast } from '@/components/ui';
import { type Counting, type CountingSettings, countings } from '@/lib/schemas/annotator-kinds';
import type { Project } from '@/lib/schemas/project';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

const FIELDS = {
  importedCountIn: { title: 'counting.importedTitle', hint: 'counting.importedHint' },
  modelsCountIn: { title: 'counting.modelsTitle', hint: 'counting.modelsHint' },
} as const satisfies Record<keyof CountingSettings, unknown>;

/** For what the judgements of imported annotators count, or of those that are models. */
export function CountingForm({
  field,
  project,
  onSaved,
}: {
  field: keyof CountingSettings;
  project: Project;
  onSaved: (project: Project) => void;
}) {
  const t = useTranslations('settings');
  const toast = useToast();
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('counting.saved'));
    onSaved(saved);
  });
  const { title, hint } = FIELDS[field];
  return (
    <Card>
      <RadioCards
        legend={t(title)}
        name={field}
        value={project[field]}
        onChange={(value) => saving.save({ [field]: value as Counting })}
        options={countings.map((value) => ({
          value,
          label: t(`counting.choices.${value}.name`),
          description: t(`counting.choices.${value}.meaning`),
        }))}
      />
      <p className="mt-3 text-[0.8125rem] text-faint">{t(hint)}</p>
      <SettingsConflict
        saving={saving}
        summarize={(settings) => t(`counting.choices.${settings[field]}.name`)}
        className="mt-4"
      />
    </Card>
  );
}
