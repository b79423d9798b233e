import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { keyRecords, recordsByKey, recordsWithoutKey } from '@/lib/db/snapshots';
import { compareRecords } from '@/lib/ranking/compare-records';
import {
  type ComparisonCounts,
  type ComparisonPage,
  type ComparisonQuery,
  comparisonCursor,
} from '@/lib/schemas/snapshot-comparison';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { promptKey } from './prompt-key';
import { readableSnapshot } from './read-snapshot';
import { createYielder } from './yield-to-event-loop';

/** Prompts of each snapshot that one answer looks at, at most. */
const WINDOW = 200;
/** Prompts that one answer lists. */
const LISTED = 25;
/** Records of a snapshot without keys that get theirs in one transaction. */
const KEYED = 100;

/**
 * What came, went and changed from one snapshot to another, page by page in the order of the prompts' keys: both are
 * read side by side, so no more than a window of each is in memory, however large they are.
 */
export async function compareSnapshots(
  actor: Actor,
  db: Database,
  [beforeId, afterId]: readonly [string, string],
  { after: cursor = '', show }: ComparisonQuery,
): Promise<ComparisonPage> {
  const snapshots = [await readableSnapshot(actor, db, beforeId), await readableSnapshot(actor, db, afterId)];
  for (const { id } of snapshots) await fillKeys(db, id);
  const [before, after] = await Promise.all(snapshots.map(({ id }) => recordsByKey(db, id, cursor, WINDOW)));
  const window = sideBySide(before!, after!);
  const counts = noCounts();
  const prompts: ComparisonPage['prompts'] = [];
  const yieldIfDue = createYielder();
  for (const [at, [key, [earlier, later]]] of window.entries.entries()) {
    await yieldIfDue();
    const { change, ...found } = compareRecords(parsed(earlier), parsed(later));
    counts.prompts[change]++;
    for (const what of ['came', 'went', 'turned', 'kept'] as const) counts.pairs[what] += found.pairs[what];
    if (change === 'same' || show === 'counts') continue;
    prompts.push({ change, ...found });
    const isLast = at === window.entries.length - 1;
    if (prompts.length === LISTED && !isLast) return { counts, prompts, next: comparisonCursor.next(key) };
  }
  return { counts, prompts, next: window.next && comparisonCursor.next(window.next) };
}

interface Keyed {
  promptKey: string;
  record: string;
}

/** The records by key as far as both sides were read; `next` is where that ends, null at the end of both. */
function sideBySide(before: readonly Keyed[], after: readonly Keyed[]) {
  const ends = [before, after].flatMap((side) => (side.length === WINDOW ? [side.at(-1)!.promptKey] : []));
  const next = ends.sort()[0] ?? null;
  const found = new Map<string, [string | null, string | null]>();
  [before, after].forEach((side, which) => {
    for (const { promptKey: key, record } of side) {
      if (next !== null && key > next) break;
      const both = found.get(key) ?? [null, null];
      both[which] = record;
      found.set(key, both);
    }
  });
  return { entries: [...found].sort(([a], [b]) => (a < b ? -1 : 1)), next };
}

const parsed = (record: string | null): SnapshotRecord | null => (record === null ? null : JSON.parse(record));

const noCounts = (): ComparisonCounts => ({
  prompts: { came: 0, went: 0, changed: 0, same: 0 },
  pairs: { came: 0, went: 0, turned: 0, kept: 0 },
});

/** Of a snapshot that was imported, or made before there were keys. */
async function fillKeys(db: Database, snapshotId: string): Promise<void> {
  for (;;) {
    const records = await recordsWithoutKey(db, snapshotId, KEYED);
    if (records.length === 0) return;
    const keys = records.map(({ position, record }) => ({ position, promptKey: promptKey(parsed(record)!.id) }));
    await keyRecords(db, snapshotId, keys);
  }
}
