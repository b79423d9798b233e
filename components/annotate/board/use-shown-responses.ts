import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { asWritten, maskSelfNames, type ShownText } from '@/components/content/self-names';
import { useProject } from '@/components/projects/use-project';

/**
 * Responses as this project shows them: the same ones in the same order, their texts without the names that are
 * hidden. `texts` says by id how what is shown relates to what is stored.
 */
export function useShownResponses<T extends { id: string; text: string }>(
  projectId: string,
  responses: readonly T[],
): { responses: readonly T[]; texts: ReadonlyMap<string, ShownText> } {
  const hides = useProject(projectId).data?.project.hideSelfNames ?? false;
  const hidden = useTranslations('annotate')('nameHidden');
  return useMemo(() => {
    const texts = new Map(responses.map(({ id, text }) => [id, hides ? maskSelfNames(text, hidden) : asWritten(text)]));
    if (!hides) return { responses, texts };
    return { responses: responses.map((response) => ({ ...response, text: texts.get(response.id)!.text })), texts };
  }, [hides, hidden, responses]);
}
