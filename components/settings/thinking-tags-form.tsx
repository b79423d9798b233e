'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, TextField, useToast } from '@/components/ui';
import type { Project } from '@/lib/schemas/project';
import { MAX_THINKING_TAGS, TAG_NAME, tagNamesIn } from '@/lib/schemas/thinking-tags';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** Tags of the project's own around what a model thinks before it answers. */
export function ThinkingTagsForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const [field, setField] = useState(project.thinkingTags.join(', '));
  const [isTried, setIsTried] = useState(false);
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('thinkingTagsSaved'));
    onSaved(saved);
  });
  const thinkingTags = tagNamesIn(field);
  const wrong = thinkingTags.find((name) => !TAG_NAME.test(name));
  const problem =
    wrong !== undefined
      ? t('notTagName', { name: wrong })
      : thinkingTags.length > MAX_THINKING_TAGS
        ? t('tooManyThinkingTags', { most: MAX_THINKING_TAGS })
        : undefined;
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (!problem) saving.save({ thinkingTags });
        }}
      >
        <TextField
          label={t('thinkingTags')}
          hint={t('thinkingTagsHint')}
          error={isTried ? problem : undefined}
          dir="ltr"
          spellCheck={false}
          autoCapitalize="none"
          value={field}
          onChange={(event) => setField(event.target.value)}
        />
        <SettingsConflict
          saving={saving}
          summarize={(theirs) => theirs.thinkingTags.join(', ') || t('noThinkingTags')}
          className="mt-4"
        />
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={saving.pending}>
            {t('saveThinkingTags')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
