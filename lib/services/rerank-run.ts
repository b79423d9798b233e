import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { scoresOf } from '@/lib/db/scores';
import { recordsAfter, snapshotById } from '@/lib/db/snapshots';
import { scoreRanks } from '@/lib/ranking/score-ranks';
import type { RerankAnswer, RerankedPrompt } from '@/lib/schemas/run-answers';
import type { SnapshotHeader } from '@/lib/schemas/snapshot';
import type { ExternalPromptId, ExternalResponseId } from '@/trainer/contract/ids';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ScoreStage } from '@/trainer/contract/run-event';
import { accessibleRun } from './run-access';

/**
 * A page of prompts in the snapshot's order, with their responses' scores before and after training and human tiers.
 */
export async function rerankRun(
  actor: Actor,
  db: Database,
  runId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<RerankAnswer> {
  const run = await accessibleRun(actor, db, 'runs.read', runId);
  const snapshot = (await snapshotById(db, run.snapshotId))!;
  // Positions have no gaps, so an offset can be used as a key.
  const page = await recordsAfter(db, snapshot.id, offset - 1, limit);
  const records = page.map(({ record }) => JSON.parse(record) as SnapshotRecord);
  const scores = new Map<string, { score: number; heldOut: boolean }>();
  const key = (promptId: ExternalPromptId, responseId: ExternalResponseId, stage: string) =>
    JSON.stringify([promptId, responseId, stage]);
  const heldOut = new Set<string>();
  for (const row of await scoresOf(
    db,
    runId,
    records.map(({ id }) => id),
  )) {
    scores.set(key(row.promptId, row.responseId, row.stage), row);
    if (row.heldOut) heldOut.add(row.promptId);
  }
  const prompts = records.map(({ id, prompt, responses }): RerankedPrompt => {
    const scoresAt = (stage: ScoreStage) =>
      responses.map((scored) => scores.get(key(id, scored.id, stage))?.score ?? null);
    const [before, after] = [scoresAt('before'), scoresAt('after')];
    const [rankBefore, rankAfter] = [scoreRanks(before), scoreRanks(after)];
    return {
      promptId: id,
      text: prompt.findLast(({ role }) => role === 'user')?.content ?? prompt.at(-1)!.content,
      heldOut: heldOut.has(id),
      responses: responses.map((response, i) => ({
        responseId: response.id,
        text: response.text,
        source: response.source,
        tier: response.tier ?? null,
        before: before[i]!,
        after: after[i]!,
        rankBefore: rankBefore[i]!,
        rankAfter: rankAfter[i]!,
      })),
    };
  });
  return { prompts, total: snapshot.promptCount, tiers: (snapshot.header as SnapshotHeader).tiers };
}
