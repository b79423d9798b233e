'use client';

import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { SettingsConflict } from '@/components/settings/settings-conflict';
import { useSettings } from '@/components/settings/use-settings';
import { Card } from '@/components/ui';
import { Checkbox } from '@/components/ui/field';
import type { Project } from '@/lib/schemas/project';

/** Whether decisions stand for the consensus of their prompts. */
export function DecisionsSetting({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data?.project;
  return project ? <Choice project={project} /> : null;
}

function Choice({ project }: { project: Project }) {
  const t = useTranslations('adjudicate');
  const saving = useSettings(project, () => undefined);
  return (
    <Card className="mt-6">
      <Checkbox
        label={t('decisionsSettle')}
        hint={t('decisionsSettleHint')}
        checked={project.decisionsSettle}
        disabled={project.isArchived}
        onChange={(event) => saving.save({ decisionsSettle: event.target.checked })}
      />
      <SettingsConflict
        saving={saving}
        summarize={({ decisionsSettle }) => t(decisionsSettle ? 'settles' : 'settlesNot')}
        className="mt-4"
      />
    </Card>
  );
}
