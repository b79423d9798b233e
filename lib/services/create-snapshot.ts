import { createHash } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { appendRecords, openSnapshot, sealSnapshot, snapshotByHash, storeContents } from '@/lib/db/snapshots';
import { consensusRuleOf } from '@/lib/ranking/consensus';
import type { CreatedSnapshot, SnapshotHeader } from '@/lib/schemas/snapshot';
import type { CreateSnapshotRequest, PreviewSnapshotRequest, SnapshotPreview } from '@/lib/schemas/snapshot-request';
import { buildRecords, emptyTally, labelPatternIn, selectionCounts } from './build-records';
import type { KeepAnswer } from './create-once';
import { runProjectJob } from './project-job';
import { snapshotSummary } from './snapshot-summary';
import { createYielder } from './yield-to-event-loop';

/**
 * Freezes the project's prompts with the current annotations, as one MVCC snapshot of the database sees them. It is
 * written by a job; see project-job.ts.
 * @param options `jobId`: by which the client follows the job; `keep`: keeps the answer for a request that repeats this one
 * @returns created: false with the earlier snapshot when its content is identical
 * @throws Refusal 'invalid' when the snapshot would be empty
 */
export async function createSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  request: CreateSnapshotRequest,
  { jobId, keep }: { jobId?: string | undefined; keep?: KeepAnswer<CreatedSnapshot> | undefined } = {},
): Promise<CreatedSnapshot> {
  const { project } = await authorizeInProject(db, actor, 'snapshots.create', projectId);
  const { name, strategy, heldBack = [], selection } = request;
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const snapshotId = await openSnapshot(db, { projectId, name, createdBy: actor.userId });
    const hash = createHash('sha256');
    const tally = emptyTally();
    for await (const { firstPosition, records, seen } of buildRecords(db, project, request, tally, job)) {
      for (const { line } of records) hash.update(line).update('\n');
      await job.step(seen, (tx) => appendRecords(tx, snapshotId, firstPosition, records));
    }
    const { counts, settled, reasons, dropped } = tally;
    if (counts.prompts === 0) throw nothingToSnapshot(request);
    const digest = hash.digest('hex');
    const existing = await snapshotByHash(db, projectId, digest);
    if (existing) {
      await job.discard();
      return { snapshot: snapshotSummary(existing), created: false };
    }
    const rule = consensusRuleOf(project);
    const pattern = labelPatternIn(project, strategy);
    const header: SnapshotHeader = {
      schema_version: 1,
      hash: digest,
      name,
      tiers: project.tiers,
      strategy,
      filters: {
        annotated_only: strategy === 'annotations',
        held_back: heldBack,
        consensus: { quorum: rule.quorum, max_against: rule.maxAgainst },
        ...(settled > 0 ? { decided: settled } : {}),
        ...(counts.dropped_pairs > 0 ? { dropped: reasons } : {}),
        ...(pattern === null ? {} : { label_pattern: pattern }),
        // With these a snapshot of the same annotations is made again.
        ...(selection ? { selection, selected: selectionCounts(tally, selection) } : {}),
      },
      counts,
      ...(dropped.length > 0 ? { dropped } : {}),
      created_at: new Date().toISOString(),
    };
    const sealed = { hash: digest, header, promptCount: counts.prompts, pairCount: counts.pairs };
    const contents = await tally.contents.contents(createYielder());
    return job.publish(async (tx) => {
      await storeContents(tx, snapshotId, contents);
      const row = await sealSnapshot(tx, snapshotId, sealed);
      const answer = { snapshot: snapshotSummary(row), created: true };
      await keep?.(tx, answer);
      return answer;
    });
  });
}

/** What `createSnapshot` would freeze now, counted by a job that writes nothing. */
export async function previewSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  request: PreviewSnapshotRequest,
  jobId?: string,
): Promise<SnapshotPreview> {
  const { project } = await authorizeInProject(db, actor, 'snapshots.create', projectId);
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const tally = emptyTally();
    for await (const { seen } of buildRecords(db, project, request, tally, job)) {
      await job.step(seen, async () => undefined);
    }
    return {
      counts: tally.counts,
      selected: selectionCounts(tally, request.selection),
      contents: await tally.contents.contents(createYielder()),
    };
  });
}

function nothingToSnapshot({ selection, strategy, heldBack = [] }: CreateSnapshotRequest) {
  if (selection) return invalid('nothingSelected');
  if (heldBack.length > 0) return invalid('allHeldBack');
  return invalid(strategy === 'annotations' ? 'nothingAnnotated' : 'noPromptsYet');
}
