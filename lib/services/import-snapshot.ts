import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { appendRecords, openSnapshot, sealSnapshot, snapshotByHash } from '@/lib/db/snapshots';
import { firstErrors } from '@/lib/formats/first-errors';
import type { SnapshotHeader, SnapshotSummary } from '@/lib/schemas/snapshot';
import { findUnstorable } from '@/lib/schemas/storable';
import { fieldPath } from '@/trainer/contract/issues';
import { type BadLine, message } from '@/trainer/contract/message';
import type { KeepAnswer } from './create-once';
import type { ParsedFile } from './file-parsers';
import { parseFile } from './parse-file';
import { runProjectJob } from './project-job';
import { snapshotSummary } from './snapshot-summary';

export interface ImportedSnapshot {
  snapshot: SnapshotSummary;
  created: boolean;
  notes: BadLine[];
}

/** Records per step of the job. */
const STEP = 100;

/**
 * Stores an exported snapshot under the same hash; see project-job.ts. Records that contradict themselves are stored in
 * their resolved form, with a new hash and counts, and `notes` say so by line.
 * @param options `jobId`: by which the client follows the job; `keep`: keeps the answer for a request that repeats this one
 * @throws Refusal 'invalid' when a line is invalid, or when the hash or counts do not match the records; nothing is
 * written
 */
export async function importSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
  { jobId, keep }: { jobId?: string | undefined; keep?: KeepAnswer<ImportedSnapshot> | undefined } = {},
): Promise<ImportedSnapshot> {
  await authorizeInProject(db, actor, 'snapshots.create', projectId);
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const { items: lines, rest } = await parseFile('bundle', file);
    const { header: given, errors, notes, asGiven, asSettled } = rest;
    if (errors.length > 0 || !given) {
      const { line, reason } = errors[0]!;
      throw invalid('snapshotLine', { line, reason }, (translate) => firstErrors(errors, translate));
    }
    // Only the header is stored as jsonb; records are stored as escaped JSON text, which can contain anything.
    const unstorableField = findUnstorable(given);
    if (unstorableField) {
      const reason = message('fieldProblem', {
        field: fieldPath(unstorableField.path),
        reason: unstorableField.reason,
      });
      throw invalid('snapshotLine', { line: 1, reason }, (translate) => firstErrors([{ line: 1, reason }], translate));
    }
    checkIntegrity(given, asGiven);
    const { hash, counts } = asSettled;
    const header = { ...given, hash, counts: { ...given.counts, ...counts } };
    const existing = await snapshotByHash(db, projectId, hash);
    if (existing) return { snapshot: snapshotSummary(existing), created: false, notes };
    await job.setTotal(lines.length);
    const id = await openSnapshot(db, { projectId, name: header.name, createdBy: actor.userId });
    for (let start = 0; start < lines.length; start += STEP) {
      const chunk = lines.slice(start, start + STEP).map((line) => ({ line, promptKey: null }));
      await job.step(start + chunk.length, (tx) => appendRecords(tx, id, start, chunk));
    }
    const sealed = { hash, header, promptCount: counts.prompts, pairCount: counts.pairs };
    return job.publish(async (tx) => {
      const answer = { snapshot: snapshotSummary(await sealSnapshot(tx, id, sealed)), created: true, notes };
      await keep?.(tx, answer);
      return answer;
    });
  });
}

function checkIntegrity(header: SnapshotHeader, { hash, counts }: ParsedFile<'bundle'>['rest']['asGiven']): void {
  if (hash !== header.hash) {
    const hashes = { expected: header.hash, actual: hash };
    throw invalid('snapshotHash', hashes, hashes);
  }
  for (const [what, count] of Object.entries(counts) as [keyof typeof counts, number][]) {
    if (header.counts[what] !== count) {
      throw invalid('snapshotCounts', { expected: header.counts[what], what, count });
    }
  }
  if (counts.prompts === 0) throw invalid('snapshotEmpty');
}
