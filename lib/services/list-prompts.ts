import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import type { ProjectRow } from '@/lib/db/projects';
import { languagesOfPrompts } from '@/lib/db/prompt-languages';
import { listedWithId, listPromptRows, matchingPrompts, type PromptListCursor } from '@/lib/db/prompt-list';
import {
  type ListedPrompt,
  type PromptCount,
  type PromptCountQuery,
  type PromptFilter,
  type PromptList,
  type PromptListQuery,
  promptListCursor,
  promptStates,
} from '@/lib/schemas/prompt-list';
import { certaintyIn } from './certainty';

const PAGE = 50;

/** A page of the project's prompts. It looks through a limited number of them, so that it answers at once. */
export async function listPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  { sort, after, ...filter }: PromptListQuery,
): Promise<PromptList> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const named = after === undefined ? await listedWithId(db, projectId, filter) : undefined;
  const look = { filter, sort, after: after ?? null, limit: PAGE };
  const { rows, searched, end } = await listPromptRows(db, projectId, look);
  return {
    prompts: [...(named ? [named] : []), ...rows].map((row) => listedPrompt(project, row)),
    next: end && promptListCursor.next(end),
    searched,
    total: project.promptCount,
    languages: await languagesOfPrompts(db, projectId),
  };
}

/** How many prompts a filter lets through, in as many as one answer looks through; whoever wants the sum asks on. */
export async function countMatchingPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  { after, ...filter }: PromptCountQuery,
): Promise<PromptCount> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const { ids, end } = await matchingWithNamed(db, projectId, filter, after ?? null);
  return { count: ids.length, next: end && promptListCursor.next(end) };
}

/** The prompts of one window; before the first one, that whose id is the text that is looked for. */
export async function matchingWithNamed(
  db: Database,
  projectId: string,
  filter: PromptFilter,
  after: PromptListCursor | null,
) {
  const named = after === null ? await listedWithId(db, projectId, filter) : undefined;
  const { ids, end } = await matchingPrompts(db, projectId, { filter, after });
  return { ids: named ? [named.coverage.promptId, ...ids] : ids, end };
}

type Row = Omit<Awaited<ReturnType<typeof listPromptRows>>['rows'][number], 'key'>;

function listedPrompt(project: ProjectRow, { coverage, externalId, excerpt }: Row): ListedPrompt {
  const { promptId, judged, wanted, reopened, flags, skips, language, priority, disagreement } = coverage;
  return {
    promptId,
    externalId,
    excerpt,
    state: promptStates[coverage.progress]!,
    signs: [
      ...(flags > 0 ? (['flagged'] as const) : []),
      ...(skips > 0 ? (['skipped'] as const) : []),
      ...(coverage.isGold ? (['gold'] as const) : []),
      ...(coverage.isWithdrawn ? (['withdrawn'] as const) : []),
    ],
    judged,
    wanted,
    reopened,
    flags,
    skips,
    language,
    priority,
    disagreement: disagreement === null ? null : disagreement / 1000,
    certainty: certaintyIn(project, coverage),
    changedAt: coverage.changedAt.toISOString(),
  };
}
