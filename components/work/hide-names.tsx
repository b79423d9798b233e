'use client';

import { useProject } from '@/components/projects/use-project';
import { Card, CardHeader } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { Checkbox } from '@/components/ui/field';
import { errorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';

/** Sources are never shown on the board; this hides what responses say of themselves. */
export function HideNames({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data?.project;
  const toast = useToast();
  const save = useApiMutation(
    (hideSelfNames: boolean) => api(`/projects/${projectId}`, { method: 'PATCH', json: { hideSelfNames } }),
    [`/projects/${projectId}`],
  );
  if (!project) return null;
  return (
    <Card>
      <CardHeader title="Honest judgements" description="Annotators never see a response’s source or label." />
      <Checkbox
        className="mt-4"
        label="Hide the names that responses give themselves"
        hint="“I am Claude”, “As ChatGPT, I …” appear as [name hidden]. Only on the board: what is stored stays as it is."
        checked={project.hideSelfNames}
        onChange={(event) =>
          save.mutate(event.target.checked, { onError: (error) => toast(errorMessage(error), 'bad') })
        }
      />
    </Card>
  );
}
