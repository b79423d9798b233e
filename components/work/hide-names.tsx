'use client';

import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { SettingsConflict } from '@/components/settings/settings-conflict';
import { useSettings } from '@/components/settings/use-settings';
import { Card, CardHeader } from '@/components/ui';
import { Checkbox } from '@/components/ui/field';
import type { Project } from '@/lib/schemas/project';

/** Sources are never shown on the board; this setting also hides model names in the responses' texts. */
export function HideNames({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data?.project;
  return project ? <Choice project={project} /> : null;
}

function Choice({ project }: { project: Project }) {
  const t = useTranslations('work');
  const saving = useSettings(project, () => undefined);
  return (
    <Card>
      <CardHeader title={t('unbiasedJudgements')} description={t('unbiasedJudgementsHint')} />
      <Checkbox
        className="mt-4"
        label={t('hideNames')}
        hint={t('hideNamesHint')}
        checked={project.hideSelfNames}
        onChange={(event) => saving.save({ hideSelfNames: event.target.checked })}
      />
      <SettingsConflict
        saving={saving}
        summarize={({ hideSelfNames }) => t(hideSelfNames ? 'namesHidden' : 'namesShown')}
        className="mt-4"
      />
    </Card>
  );
}
