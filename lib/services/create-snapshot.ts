import { createHash } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import { type AnnotationWithPlacements, currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { goldAmong } from '@/lib/db/gold';
import { type PromptRow, promptsAfter, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { appendRecords, openSnapshot, type SnapshotRow, sealSnapshot, snapshotByHash } from '@/lib/db/snapshots';
import { recordLine } from '@/lib/formats/snapshot-jsonl';
import { defaultConsensusRule } from '@/lib/ranking/consensus';
import { judgedForAll } from '@/lib/ranking/equal-responses';
import { snapshotRecord } from '@/lib/ranking/record';
import { type Judgement, weakOrder } from '@/lib/ranking/tiers';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import type { SnapshotHeader, SnapshotSummary } from '@/lib/schemas/snapshot';
import type { CreateSnapshotRequest } from '@/lib/schemas/snapshot-request';
import { snapshotSummary } from './snapshot-summary';

const PAGE = 200;
/** Dropped pairs named one by one in the header; all of them are counted. */
const LISTED_DROPS = 500;

/** Carries the snapshot that is already there out of the transaction, which it undoes. */
class AlreadyThere extends Error {
  constructor(readonly row: SnapshotRow) {
    super('an identical snapshot exists');
  }
}

/**
 * Freezes the project's prompts with the annotations in force, read at one moment.
 * @returns created: false with the earlier snapshot when its content is identical
 * @throws Refusal 'invalid' when nothing would be in it
 */
export async function createSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  request: CreateSnapshotRequest,
): Promise<{ snapshot: SnapshotSummary; created: boolean }> {
  const { project } = await authorizeInProject(db, actor, 'snapshots.create', projectId);
  const { name, strategy, heldBack = [] } = request;
  try {
    const row = await db.transaction(
      async (tx) => {
        const snapshotId = await openSnapshot(tx, { projectId, name, createdBy: actor.userId });
        const left = new Set(heldBack);
        const hash = createHash('sha256');
        const lines: string[] = [];
        const counts = { prompts: 0, responses: 0, pairs: 0, annotations: 0, dropped_pairs: 0 };
        const dropped: NonNullable<SnapshotHeader['dropped']> = [];
        const reasons: Record<string, number> = {};
        for await (const { prompt, judgements } of judgedPrompts(tx, projectId)) {
          if (left.has(prompt.externalId)) continue;
          if (strategy === 'annotations' && judgements.length === 0) continue;
          const made = snapshotRecord(prompt, judgements, { strategy, tierCount: project.tiers.length });
          const line = recordLine(made.record);
          hash.update(line).update('\n');
          lines.push(line);
          if (lines.length === PAGE) await appendRecords(tx, snapshotId, counts.prompts + 1 - PAGE, lines.splice(0));
          counts.prompts++;
          counts.responses += made.record.responses.length;
          counts.pairs += made.record.pairs.length;
          counts.annotations += judgements.length;
          counts.dropped_pairs += made.dropped.length;
          for (const drop of made.dropped) {
            reasons[drop.reason] = (reasons[drop.reason] ?? 0) + 1;
            if (dropped.length < LISTED_DROPS) dropped.push({ prompt: prompt.externalId, ...drop });
          }
        }
        await appendRecords(tx, snapshotId, counts.prompts - lines.length, lines);
        if (counts.prompts === 0) throw nothingToSnapshot(strategy === 'annotations', heldBack.length > 0);
        const digest = hash.digest('hex');
        const same = await snapshotByHash(tx, projectId, digest);
        if (same) throw new AlreadyThere(same);
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
        return sealSnapshot(tx, snapshotId, sealed);
      },
      // Annotations saved meanwhile are in no page or in all of them.
      { isolationLevel: 'repeatable read' },
    );
    return { snapshot: snapshotSummary(row), created: true };
  } catch (error) {
    if (error instanceof AlreadyThere) return { snapshot: snapshotSummary(error.row), created: false };
    // Somebody pressed the same button at the same moment.
    if (isUniqueViolation(error)) return createSnapshot(actor, db, projectId, request);
    throw error;
  }
}

function nothingToSnapshot(annotatedOnly: boolean, heldBack: boolean) {
  if (heldBack) return invalid('allHeldBack');
  return invalid(annotatedOnly ? 'nothingAnnotated' : 'noPromptsYet');
}

/** Every prompt but the gold ones in import order with what people say about it; responses go by their external ids. */
async function* judgedPrompts(
  tx: Database,
  projectId: string,
): AsyncGenerator<{ prompt: ImportedPrompt; judgements: Judgement[] }> {
  for (let position = -1; ; ) {
    const page = await promptsAfter(tx, projectId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    const ids = page.map(({ id }) => id);
    const gold = await goldAmong(tx, ids);
    const responses = await responsesOfPrompts(tx, ids);
    const annotations = new Map<string, AnnotationWithPlacements[]>(ids.map((id) => [id, []]));
    for (const annotation of await currentAnnotationsOn(tx, ids))
      annotations.get(annotation.promptId)!.push(annotation);
    for (const row of page) {
      // People practised on it and were told the answer: what they say about it is not their judgement.
      if (gold.has(row.id)) continue;
      const own = responses.get(row.id)!;
      yield {
        prompt: importedPrompt(row, own),
        judgements: annotations
          .get(row.id)!
          .map((annotation) => judgement(projectId, annotation, own))
          .sort((a, b) => (a.annotator < b.annotator ? -1 : 1)),
      };
    }
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
): Judgement {
  const externalIds = new Map(responses.map(({ id, externalId }) => [id, externalId]));
  const byExternalId = judgedForAll(placements, responses).map((placement) => ({
    ...placement,
    responseId: externalIds.get(placement.responseId)!,
  }));
  return { annotator: pseudonym(projectId, annotatorId), order: weakOrder(byExternalId), allBad };
}

/** The same person is the same word throughout a project, and another one in every other project. */
function pseudonym(projectId: string, userId: string): string {
  return `annotator-${createHash('sha256').update(`${projectId}\n${userId}`).digest('hex').slice(0, 10)}`;
}
