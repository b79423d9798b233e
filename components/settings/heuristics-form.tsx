'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, CardHeader, Notice, Select, TextField, useErrorMessage, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import type { HeuristicsPreview as Preview } from '@/lib/schemas/heuristics';
import type { Project } from '@/lib/schemas/project';
import { MAX_LABEL_PATTERN, type Strategy, strategySchema } from '@/lib/schemas/strategy';
import { HeuristicsPreview } from './heuristics-preview';
import { SettingsConflict } from './settings-conflict';
import { useSettings } from './use-settings';

/** Which order prompts have that nobody annotated, and how labels are found in responses; with what each order would give. */
export function HeuristicsForm({ project, onSaved }: { project: Project; onSaved: (project: Project) => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const errorMessage = useErrorMessage();
  const [strategy, setStrategy] = useState<Strategy>(project.snapshotStrategy);
  const [pattern, setPattern] = useState(project.labelPattern ?? '');
  const saving = useSettings(project, (saved, how) => {
    if (how === 'mine') toast(t('heuristics.saved'), 'good');
    onSaved(saved);
  });
  const labelPattern = pattern.trim() === '' ? null : pattern;
  const preview = useApiMutation((json: { labelPattern: string | null }) =>
    api<Preview>(`/projects/${project.id}/heuristics/preview`, { method: 'POST', json }),
  );
  const changed = strategy !== project.snapshotStrategy || labelPattern !== project.labelPattern;
  return (
    <Card>
      <CardHeader title={t('heuristics.title')} description={t('heuristics.hint')} className="mb-4" />
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          saving.save({ snapshotStrategy: strategy, labelPattern });
        }}
      >
        <Select
          label={t('heuristics.strategy')}
          value={strategy}
          onChange={({ target }) => setStrategy(target.value as Strategy)}
          options={strategySchema.options.map((value) => ({ value, label: t(`heuristics.strategies.${value}`) }))}
        />
        <TextField
          label={t('heuristics.pattern')}
          hint={t('heuristics.patternHint')}
          dir="ltr"
          spellCheck={false}
          autoComplete="off"
          maxLength={MAX_LABEL_PATTERN}
          value={pattern}
          onChange={({ target }) => {
            setPattern(target.value);
            preview.reset();
          }}
        />
        <div className="flex flex-wrap gap-2">
          <Button pending={preview.isPending} onClick={() => preview.mutate({ labelPattern })}>
            {t('heuristics.preview')}
          </Button>
          <Button type="submit" variant="primary" pending={saving.pending} disabled={!changed || project.isArchived}>
            {t('heuristics.save')}
          </Button>
        </div>
        {preview.error ? <Notice tone="bad">{errorMessage(preview.error)}</Notice> : null}
        {preview.data ? <HeuristicsPreview preview={preview.data} /> : null}
      </form>
      <SettingsConflict
        saving={saving}
        summarize={(theirs) =>
          `${t(`heuristics.strategies.${theirs.snapshotStrategy}`)} · ${theirs.labelPattern ?? t('history.none')}`
        }
        className="mt-4"
      />
    </Card>
  );
}
