import { type AnnotationWithPlacements, currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { type Decision, decisionsInForce } from '@/lib/db/decisions';
import { goldIds } from '@/lib/db/gold';
import { type MvccSnapshot, takeMvccSnapshot } from '@/lib/db/mvcc-snapshot';
import type { ProjectRow } from '@/lib/db/projects';
import { type PromptRow, promptsInUseAfter, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { expandPlacements } from '@/lib/ranking/equal-responses';
import { type AnnotatorOrder, weakOrder } from '@/lib/ranking/tiers';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import type { PromptId } from '@/trainer/contract/ids';
import { pseudonym } from './pseudonym';

/** Prompts per step of the job: few, since on the embedded database everybody waits for each of its queries. */
const PAGE = 40;
/** Stands for the reviewers, in place of annotators' pseudonyms. */
const DECISION = 'decision';

/** What a snapshot reads: the judgements that there were at one moment, and which prompts were gold. */
export interface Moment {
  seen: MvccSnapshot;
  gold: ReadonlySet<string>;
}

/** Imports and additions wait for a snapshot's job, so only annotations can change after this moment. */
export const takeMoment = (db: Database, projectId: string): Promise<Moment> =>
  db.transaction(async (tx) => ({ seen: await takeMvccSnapshot(tx), gold: await goldIds(tx, projectId) }), {
    isolationLevel: 'repeatable read',
  });

/**
 * Every prompt except gold ones, in import order, with its judgements as the MVCC snapshot sees them, and the decision
 * that settles it, where the project lets decisions do that. Responses are named by their external ids. Neither a cursor nor a transaction stays open between pages.
 */
export async function* freezablePrompts(
  db: Database,
  { id: projectId, decisionsSettle }: ProjectRow,
  { seen, gold }: Moment,
): AsyncGenerator<{
  size: number;
  prompts: {
    promptId: PromptId;
    prompt: ImportedPrompt;
    judgements: AnnotatorOrder[];
    decision: AnnotatorOrder | null;
  }[];
}> {
  for (let position = -1; ; ) {
    const page = await promptsInUseAfter(db, projectId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    // Annotators are shown the answers to gold prompts, so their annotations of them are not independent judgements.
    const rows = page.filter(({ id }) => !gold.has(id));
    const ids = rows.map(({ id }) => id);
    const responses = await responsesOfPrompts(db, ids);
    const annotations = new Map<string, AnnotationWithPlacements[]>(ids.map((id) => [id, []]));
    for (const annotation of await currentAnnotationsOn(db, ids, { mvccSnapshot: seen })) {
      annotations.get(annotation.promptId)!.push(annotation);
    }
    const decisions = decisionsSettle ? await decisionsInForce(db, ids, seen) : new Map<string, Decision>();
    const prompts = rows.map((row) => {
      const promptResponses = responses.get(row.id)!;
      const decision = decisions.get(row.id);
      return {
        promptId: row.id,
        prompt: importedPrompt(row, promptResponses),
        judgements: annotations
          .get(row.id)!
          .map((annotation) => judgement(pseudonym(projectId, annotation.annotatorId), annotation, promptResponses))
          .sort((a, b) => (a.annotator < b.annotator ? -1 : 1)),
        decision: decision ? judgement(DECISION, decision, promptResponses) : null,
      };
    });
    yield { size: page.length, prompts };
  }
}

export function importedPrompt(row: PromptRow, responses: readonly ResponseRow[]): ImportedPrompt {
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
  annotator: string,
  { allBad, placements }: Pick<AnnotationWithPlacements, 'allBad' | 'placements'>,
  responses: readonly ResponseRow[],
): AnnotatorOrder {
  const externalIds = new Map(responses.map(({ id, externalId }) => [id, externalId]));
  const byExternalId = expandPlacements(placements, responses).map((placement) => ({
    ...placement,
    responseId: externalIds.get(placement.responseId)!,
  }));
  return { annotator, order: weakOrder(byExternalId), allBad };
}
