import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './client';
import type { EmbeddedClient } from './embedded-client';

/** How long nobody has asked the embedded database for anything, when nobody seems to be about to. */
const QUIET_MS = 8;
/** The longest pause after a step of long work. */
const MAX_PAUSE_MS = 200;
/** Of the time that a step took, on a database that answers several at once. */
const PAUSE_SHARE = 0.1;

const quietOf = (db: Database) => (((db as { $client?: unknown }).$client ?? {}) as Partial<EmbeddedClient>).quietFor;

/** How long a step of long work should take: on the embedded database everybody else's statement waits for it. */
export const stepTargetMs = (db: Database): number => (quietOf(db) ? 30 : 100);

/**
 * Lets others go first between two steps of long work. A request is some statements in a row. The embedded database does
 * one thing at a time, so each of them would wait for a step: it is left alone until it was quiet for a moment.
 */
export async function giveWay(db: Database, stepMs: number): Promise<void> {
  const quietFor = quietOf(db);
  if (!quietFor) return void (await sleep(Math.min(stepMs * PAUSE_SHARE, MAX_PAUSE_MS)));
  const until = performance.now() + MAX_PAUSE_MS;
  do await sleep(QUIET_MS);
  while (quietFor() < QUIET_MS && performance.now() < until);
}
