import { useMemo } from 'react';
import { maskSelfNames } from '@/components/content/self-names';
import { useProject } from '@/components/projects/use-project';
import type { Task } from '@/lib/schemas/annotation';

/** The responses as this project shows them; ids, order and the task's own texts stay as they are. */
export function useShownResponses(projectId: string, { responses }: Task): Task['responses'] {
  const hides = useProject(projectId).data?.project.hideSelfNames ?? false;
  return useMemo(
    () => (hides ? responses.map((response) => ({ ...response, text: maskSelfNames(response.text).text })) : responses),
    [hides, responses],
  );
}
