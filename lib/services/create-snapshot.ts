import { createHash } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import { type AnnotationWithPlacements, currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { goldIds } from '@/lib/db/gold';
import { type MvccSnapshot, takeMvccSnapshot } from '@/lib/db/mvcc-snapshot';
import { countPrompts, type PromptRow, promptsAfter, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { appendRecords, openSnapshot, sealSnapshot, snapshotByHash } from '@/lib/db/snapshots';
import { recordLine } from '@/lib/formats/snapshot-records';
import { defaultConsensusRule } from '@/lib/ranking/consensus';
import { expandPlacements } from '@/lib/ranking/equal-responses';
import { snapshotRecord } from '@/lib/ranking/record';
import { type AnnotatorOrder, weakOrder } from '@/lib/ranking/tiers';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import type { SnapshotHeader, SnapshotSummary } from '@/lib/schemas/snapshot';
import type { CreateSnapshotRequest } from '@/lib/schemas/snapshot-request';
import { runProjectJob } from './project-job';
import { snapshotSummary } from './snapshot-summary';
import { createYielder } from './yield-to-event-loop';

/** Prompts per step of the job, which takes some tens of milliseconds. */
const PAGE = 100;
/** The header lists at most this many dropped pairs; it counts all of them. */
const MAX_LISTED_DROPS = 500;

/**
 * Freezes the project's prompts with the current annotations, as one MVCC snapshot of the database sees them. It is
 * written by a job; see project-job.ts.
 * @param jobId by which the client follows the job
 * @returns created: false with the earlier snapshot when its content is identical
 * @throws Refusal 'invalid' when the snapshot would be empty
 */
export async function createSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  request: CreateSnapshotRequest,
  jobId?: string,
): Promise<{ snapshot: SnapshotSummary; created: boolean }> {
  const { project } = await authorizeInProject(db, actor, 'snapshots.create', projectId);
  const { name, strategy, heldBack = [] } = request;
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    // Imports and additions wait for this job, so only annotations can change meanwhile.
    const { moment: mvccSnapshot, gold } = await db.transaction(
      async (tx) => ({ moment: await takeMvccSnapshot(tx), gold: await goldIds(tx, projectId) }),
      { isolationLevel: 'repeatable read' },
    );
    await job.setTotal(await countPrompts(db, projectId));
    const snapshotId = await openSnapshot(db, { projectId, name, createdBy: actor.userId });
    const skipped = new Set(heldBack);
    const hash = createHash('sha256');
    const counts = { prompts: 0, responses: 0, pairs: 0, annotations: 0, dropped_pairs: 0 };
    const dropped: NonNullable<SnapshotHeader['dropped']> = [];
    const reasons: Record<string, number> = {};
    const yieldIfDue = createYielder();
    let seen = 0;
    for await (const page of judgedPrompts(db, projectId, mvccSnapshot, gold)) {
      const firstPosition = counts.prompts;
      const lines: string[] = [];
      for (const { prompt, judgements } of page.prompts) {
        await yieldIfDue();
        if (skipped.has(prompt.externalId)) continue;
        if (strategy === 'annotations' && judgements.length === 0) continue;
        const built = snapshotRecord(prompt, judgements, { strategy, tierCount: project.tiers.length });
        const line = recordLine(built.record);
        hash.update(line).update('\n');
        lines.push(line);
        counts.prompts++;
        counts.responses += built.record.responses.length;
        counts.pairs += built.record.pairs.length;
        counts.annotations += judgements.length;
        counts.dropped_pairs += built.dropped.length;
        for (const drop of built.dropped) {
          reasons[drop.reason] = (reasons[drop.reason] ?? 0) + 1;
          if (dropped.length < MAX_LISTED_DROPS) dropped.push({ prompt: prompt.externalId, ...drop });
        }
      }
      seen += page.size;
      await job.step(seen, (tx) => appendRecords(tx, snapshotId, firstPosition, lines));
    }
    if (counts.prompts === 0) throw nothingToSnapshot(strategy === 'annotations', heldBack.length > 0);
    const digest = hash.digest('hex');
    const existing = await snapshotByHash(db, projectId, digest);
    if (existing) {
      await job.discard();
      return { snapshot: snapshotSummary(existing), created: false };
    }
    const { quorum, maxAgainst } = defaultConsensusRule;
    const header: SnapshotHeader = {
      schema_version: 1,
      hash: digest,
      name,
      tiers: project.tiers,
      strategy,
      filters: {
        annotated_only: strategy === 'annotations',
        held_back: heldBack,
        consensus: { quorum, max_against: maxAgainst },
        ...(counts.dropped_pairs > 0 ? { dropped: reasons } : {}),
      },
      counts,
      ...(dropped.length > 0 ? { dropped } : {}),
      created_at: new Date().toISOString(),
    };
    const sealed = { hash: digest, header, promptCount: counts.prompts, pairCount: counts.pairs };
    const row = await job.publish((tx) => sealSnapshot(tx, snapshotId, sealed));
    return { snapshot: snapshotSummary(row), created: true };
  });
}

function nothingToSnapshot(annotatedOnly: boolean, heldBack: boolean) {
  if (heldBack) return invalid('allHeldBack');
  return invalid(annotatedOnly ? 'nothingAnnotated' : 'noPromptsYet');
}

/**
 * Every prompt except gold ones, in import order, with its judgements as the MVCC snapshot sees them. Responses are
 * named by their external ids. Neither a cursor nor a transaction stays open between pages.
 */
async function* judgedPrompts(
  db: Database,
  projectId: string,
  mvccSnapshot: MvccSnapshot,
  gold: ReadonlySet<string>,
): AsyncGenerator<{ size: number; prompts: { prompt: ImportedPrompt; judgements: AnnotatorOrder[] }[] }> {
  for (let position = -1; ; ) {
    const page = await promptsAfter(db, projectId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    // Annotators are shown the answers to gold prompts, so their annotations of them are not independent judgements.
    const rows = page.filter(({ id }) => !gold.has(id));
    const ids = rows.map(({ id }) => id);
    const responses = await responsesOfPrompts(db, ids);
    const annotations = new Map<string, AnnotationWithPlacements[]>(ids.map((id) => [id, []]));
    for (const annotation of await currentAnnotationsOn(db, ids, mvccSnapshot)) {
      annotations.get(annotation.promptId)!.push(annotation);
    }
    const prompts = rows.map((row) => {
      const promptResponses = responses.get(row.id)!;
      return {
        prompt: importedPrompt(row, promptResponses),
        judgements: annotations
          .get(row.id)!
          .map((annotation) => judgement(projectId, annotation, promptResponses))
          .sort((a, b) => (a.annotator < b.annotator ? -1 : 1)),
      };
    });
    yield { size: page.length, prompts };
  }
}

function importedPrompt(row: PromptRow, responses: readonly ResponseRow[]): ImportedPrompt {
  return {
    externalId: row.externalId,
    messages: row.messages,
    documents: row.documents,
    responses: responses.map(({ externalId, text, source, label }) => ({
      id: externalId,
      text,
      source,
      ...(label === null ? {} : { label }),
    })),
    ...(row.referenceLabel === null ? {} : { referenceLabel: row.referenceLabel }),
  };
}

function judgement(
  projectId: string,
  { annotatorId, allBad, placements }: AnnotationWithPlacements,
  responses: readonly ResponseRow[],
): AnnotatorOrder {
  const externalIds = new Map(responses.map(({ id, externalId }) => [id, externalId]));
  const byExternalId = expandPlacements(placements, responses).map((placement) => ({
    ...placement,
    responseId: externalIds.get(placement.responseId)!,
  }));
  return { annotator: pseudonym(projectId, annotatorId), order: weakOrder(byExternalId), allBad };
}

/** A person has the same pseudonym throughout a project, and a different one in every other project. */
function pseudonym(projectId: string, userId: string): string {
  return `annotator-${createHash('sha256').update(`${projectId}\n${userId}`).digest('hex').slice(0, 10)}`;
}
