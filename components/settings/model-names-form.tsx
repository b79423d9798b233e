'use client';

import { useTranslations } from 'next-intl';
import { Card, RadioCards, useToast } from '@/components/ui';
import { type ModelNames, modelNamePolicies } from '@/lib/schemas/model-names';
import type { Project } from '@/lib/schemas/project';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** Who may see which model wrote a response, beside researchers. */
export function ModelNamesForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('modelNames.saved'));
    onSaved(saved);
  });
  return (
    <Card>
      <RadioCards
        legend={t('modelNames.title')}
        name="model-names"
        value={project.modelNames}
        onChange={(modelNames) => saving.save({ modelNames: modelNames as ModelNames })}
        options={modelNamePolicies.map((value) => ({
          value,
          label: t(`modelNames.policies.${value}.name`),
          description: t(`modelNames.policies.${value}.meaning`),
        }))}
      />
      <p className="mt-3 text-[0.8125rem] text-faint">{t('modelNames.hint')}</p>
      <SettingsConflict
        saving={saving}
        summarize={({ modelNames }) => t(`modelNames.policies.${modelNames}.name`)}
        className="mt-4"
      />
    </Card>
  );
}
