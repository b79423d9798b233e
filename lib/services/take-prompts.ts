/** Gives an annotator the next prompts where each has a number of places, or where there is another order than import. */
import {
  extendLeases,
  heldPrompts,
  holdPlaces,
  lockAnnotator,
  promptsInOrder,
  type Reader,
  releaseExpired,
  reopenedPrompts,
} from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { settingsForAssigning } from '@/lib/db/coverage';
import { languagesReadBy } from '@/lib/db/members';
import { countOpen, lockOpen, openPrompts } from '@/lib/db/open-prompts';
import type { ProjectRow } from '@/lib/db/projects';
import type { PromptRow } from '@/lib/db/prompts';
import type { PromptId } from '@/trainer/contract/ids';

/**
 * How many places an annotator holds at once, the prompts that a page has fetched ahead included. A page asks again
 * after each save.
 */
export const HELD_AT_ONCE = 10;
const MAX_COUNTED = 500;
/** Candidates for each prompt that is wanted: others may be taking the first ones. */
const CANDIDATES = 64;
/** In each round before the last, others have taken what was found: far more than ask at once. */
const MAX_ROUNDS = 1000;

/** Whoever asks works through all prompts: the queue is what lies between the settled positions. */
export const isWholeProject = (
  { overlap, assignmentOrder, promptLimit }: ProjectRow,
  { languages }: Pick<Reader, 'languages'>,
): boolean => overlap === null && assignmentOrder === 'import' && promptLimit === null && languages.length === 0;

/**
 * The next prompts except those in `exclude`, which the annotator's page has: places that are held already, what was
 * reopened, then new places. Each is held for the annotator until it is saved, skipped or the lease ends.
 * @param exclude the leases of these go on
 */
export async function takePrompts(
  db: Database,
  project: ProjectRow,
  annotatorId: string,
  {
    exclude,
    gold,
    count,
    left,
  }: {
    exclude: readonly string[];
    gold: ReadonlySet<string>;
    count: number;
    /** How many more prompts than those in `exclude` the annotator may judge. */
    left: number;
  },
): Promise<PromptRow[]> {
  const place = { projectId: project.id, annotatorId };
  await extendLeases(db, place, exclude, project.leaseMinutes);
  await releaseExpired(db, project.id);
  return db.transaction(async (tx) => {
    await lockAnnotator(tx, place);
    const { overlap, leaseMinutes } = await settingsForAssigning(tx, project.id);
    const reader = { ...place, languages: await languagesReadBy(tx, project.id, annotatorId) };
    const held = await heldPrompts(tx, place);
    const reopened = await reopenedPrompts(tx, place, count + exclude.length + gold.size);
    const given = [...new Set([...held, ...reopened])].filter((id) => !exclude.includes(id) && !gold.has(id));
    const unseen = held.filter((id) => !exclude.includes(id));
    const room = Math.min(count - given.length, left - unseen.length);
    if (room <= 0) return promptsInOrder(tx, given.slice(0, count));
    if (overlap === null) {
      // There is a place for everybody, so nothing has to be held.
      const next = await openPrompts(tx, reader, [...exclude, ...given], room);
      return promptsInOrder(tx, [...given, ...next]);
    }
    const limit = Math.min(room, HELD_AT_ONCE - held.length);
    const taken = limit > 0 ? await lockNext(tx, reader, [...exclude, ...given], limit) : [];
    await holdPlaces(tx, place, taken, { minutes: leaseMinutes });
    return promptsInOrder(tx, [...given, ...taken]);
  });
}

/** Locks the first open prompts. Those that others are taking are passed over, and waited for only where no others are open. */
async function lockNext(tx: Database, reader: Reader, exclude: readonly string[], limit: number): Promise<PromptId[]> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const candidates = await openPrompts(tx, reader, exclude, limit + CANDIDATES);
    if (candidates.length === 0) return [];
    const free = await lockOpen(tx, reader, candidates, { limit, wait: false });
    if (free.length > 0) return free;
    const awaited = await lockOpen(tx, reader, candidates.slice(0, 1), { limit, wait: true });
    if (awaited.length > 0) return awaited;
  }
  throw new Error('Prompts that are found open cannot be locked.');
}

/** How many prompts the annotator can still get, beside those of gold; null for too many to count. */
export async function countRemaining(
  db: Database,
  reader: Reader,
  gold: ReadonlySet<string>,
): Promise<{ open: number; own: number } | null> {
  const open = await countOpen(db, reader);
  const reopened = await reopenedPrompts(db, reader, MAX_COUNTED);
  if (open === null || reopened.length === MAX_COUNTED) return null;
  const own = new Set([...(await heldPrompts(db, reader)), ...reopened].filter((id) => !gold.has(id)));
  return { open, own: own.size };
}
