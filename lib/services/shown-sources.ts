import type { Database } from '@/lib/db/client';
import { decisionsInForce } from '@/lib/db/decisions';
import type { ProjectRow } from '@/lib/db/projects';
import type { ResponseRow } from '@/lib/db/prompts';
import { groupEqualTexts } from '@/lib/ranking/equal-responses';
import type { Task } from '@/lib/schemas/annotation';

/**
 * The task with the names of the models that wrote its responses, where the project lets its annotator see them by now:
 * never before every response is judged, nor while the answer is sent back to be said anew.
 */
export async function withShownSources(
  db: Database,
  { modelNames }: Pick<ProjectRow, 'modelNames'>,
  task: Task,
  responses: readonly ResponseRow[],
): Promise<Task> {
  if (modelNames === 'researchers' || task.annotation === null || task.sentBack !== null) return task;
  const judged = new Set(
    task.annotation.placements.filter(({ state }) => state !== 'not_judged').map(({ responseId }) => responseId),
  );
  if (task.responses.some(({ id }) => !judged.has(id))) return task;
  if (modelNames === 'after_decision' && !(await decisionsInForce(db, [task.promptId])).has(task.promptId)) return task;
  const groups = groupEqualTexts(responses);
  const sourcesOf = (id: string) => [...new Set((groups.get(id) ?? []).map(({ source }) => source))];
  return { ...task, responses: task.responses.map((shown) => ({ ...shown, sources: sourcesOf(shown.id) })) };
}
