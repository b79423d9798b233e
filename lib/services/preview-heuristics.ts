import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { promptsInUseAfter, responsesOfPrompts } from '@/lib/db/prompts';
import { HeuristicsTally } from '@/lib/ranking/preview-heuristics';
import type { HeuristicsPreview, PreviewHeuristicsRequest } from '@/lib/schemas/heuristics';
import { importedPrompt } from './freezable-prompts';
import { labelPatternOf } from './label-pattern';
import { createYielder } from './yield-to-event-loop';

const PAGE = 50;
/** Prompts that are looked at, the first as imported: people wait for the answer. */
const LOOKED_AT = 500;

/** What each heuristic order would give with this label pattern. Nothing is stored. */
export async function previewHeuristics(
  actor: Actor,
  db: Database,
  projectId: string,
  { labelPattern }: PreviewHeuristicsRequest,
): Promise<HeuristicsPreview> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const tally = new HeuristicsTally(labelPattern === null ? null : labelPatternOf(labelPattern));
  const yieldIfDue = createYielder();
  let position = -1;
  for (let looked = 0; looked < LOOKED_AT; looked += PAGE) {
    const page = await promptsInUseAfter(db, projectId, position, PAGE);
    if (page.length === 0) break;
    position = page.at(-1)!.position;
    const ids = page.map(({ id }) => id);
    const responses = await responsesOfPrompts(db, ids);
    for (const row of page) {
      await yieldIfDue();
      tally.add(importedPrompt(row, responses.get(row.id) ?? []));
    }
  }
  return { ...tally.preview(), of: project.promptCount };
}
