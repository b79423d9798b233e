'use client';

import { useTranslations } from 'next-intl';
import { Card, RadioCards, useToast } from '@/components/ui';
import type { Project } from '@/lib/schemas/project';
import { type TextFormat, textFormats } from '@/lib/schemas/text-format';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** The choice whether texts are rendered as Markdown, as plain text, or as detected for each text. */
export function TextFormatForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('textFormatSaved'));
    onSaved(saved);
  });
  return (
    <Card>
      <RadioCards
        legend={t('textFormat')}
        name="text-format"
        value={project.textFormat}
        onChange={(textFormat) => saving.save({ textFormat: textFormat as TextFormat })}
        options={textFormats.map((value) => ({
          value,
          label: t(`textFormats.${value}.name`),
          description: t(`textFormats.${value}.meaning`),
        }))}
      />
      <SettingsConflict
        saving={saving}
        summarize={({ textFormat }) => t(`textFormats.${textFormat}.name`)}
        className="mt-4"
      />
    </Card>
  );
}
