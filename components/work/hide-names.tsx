'use client';

import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Card, CardHeader } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { Checkbox } from '@/components/ui/field';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';

/** Sources are never shown on the board; this hides what responses say of themselves. */
export function HideNames({ projectId }: { projectId: string }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('work');
  const project = useProject(projectId).data?.project;
  const toast = useToast();
  const save = useApiMutation(
    (hideSelfNames: boolean) => api(`/projects/${projectId}`, { method: 'PATCH', json: { hideSelfNames } }),
    [`/projects/${projectId}`],
  );
  if (!project) return null;
  return (
    <Card>
      <CardHeader title={t('honestJudgements')} description={t('annotatorsNeverSeeResponses')} />
      <Checkbox
        className="mt-4"
        label={t('hideNamesResponsesGive')}
        hint={t('iAmClaudeAs')}
        checked={project.hideSelfNames}
        onChange={(event) =>
          save.mutate(event.target.checked, { onError: (error) => toast(errorMessage(error), 'bad') })
        }
      />
    </Card>
  );
}
