'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, TextArea, TextField, useToast } from '@/components/ui';
import type { Project } from '@/lib/schemas/project';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** The project's name and description. */
export function AboutForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('about.saved'));
    onSaved(saved);
  });
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saving.save({ name: name.trim(), description: description.trim() });
        }}
      >
        <CardHeader title={t('about.title')} className="mb-4" />
        <div className="grid gap-4">
          <TextField
            label={t('about.name')}
            required
            maxLength={200}
            autoComplete="off"
            dir="auto"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextArea
            label={t('about.description')}
            rows={3}
            maxLength={5000}
            dir="auto"
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </div>
        <SettingsConflict saving={saving} summarize={(theirs) => theirs.name} className="mt-4" />
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={saving.pending}>
            {t('about.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
