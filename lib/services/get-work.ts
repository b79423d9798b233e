import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { placementsOf } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { marksOfProject } from '@/lib/db/prompt-marks';
import { firstVersionsOnGold, medianActiveMs, type TallyRow, talliesOfProject } from '@/lib/db/tallies';
import { compareWithGold } from '@/lib/ranking/gold';
import { weakOrder } from '@/lib/ranking/tiers';
import type { WorkReport, WorkRow } from '@/lib/schemas/work';
import { toMyMark } from './prompt-marks';
import { FAST_CHARACTERS_PER_SECOND, workSigns } from './work-signs';

/** A report on how a project's annotators work. It is informational; nothing is decided from it automatically. */
export async function getWork(actor: Actor, db: Database, projectId: string): Promise<WorkReport> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const medians = await medianActiveMs(db, projectId);
  const gold = await goldTallies(db, projectId);
  const rows = (await talliesOfProject(db, projectId)).map(({ tally, name }) =>
    workRow(tally, name, medians.get(tally.annotatorId) ?? null, gold.get(tally.annotatorId) ?? noGold),
  );
  const marks = await marksOfProject(db, projectId, {});
  return {
    rows: rows.sort((a, b) => b.prompts - a.prompts || (a.name < b.name ? -1 : 1)),
    marks: marks.map(({ annotator, annotatorId, ...mark }) => ({ ...toMyMark(mark), annotator, annotatorId })),
    fastCharactersPerSecond: FAST_CHARACTERS_PER_SECOND,
  };
}

interface GoldTally {
  prompts: number;
  pairs: number;
  agreed: number;
}
const noGold: GoldTally = { prompts: 0, pairs: 0, agreed: 0 };

/**
 * Annotator id -> how their first versions agree with the expected tiers. Later versions were made after seeing those.
 */
async function goldTallies(db: Database, projectId: string): Promise<Map<string, GoldTally>> {
  const versions = await firstVersionsOnGold(db, projectId);
  const placements = await placementsOf(
    db,
    versions.map(({ id }) => id),
  );
  const tallies = new Map<string, GoldTally>();
  for (const { id, annotatorId, expected } of versions) {
    const { prompts, pairs, agreed } = tallies.get(annotatorId) ?? noGold;
    const compared = compareWithGold(new Map(Object.entries(expected)), weakOrder(placements.get(id)!)).pairs;
    tallies.set(annotatorId, {
      prompts: prompts + 1,
      pairs: pairs + compared.length,
      agreed: agreed + compared.filter(({ verdict }) => verdict === 'agreed').length,
    });
  }
  return tallies;
}

function workRow(tally: TallyRow, name: string, medianMs: number | null, gold: GoldTally): WorkRow {
  const { annotatorId, prompts, fast, singleTier, severalPlaced, skipped, flagged } = tally;
  return {
    annotatorId,
    name,
    prompts,
    medianActiveMs: medianMs,
    singleTierShare: share(singleTier, severalPlaced),
    cannotJudgeShare: share(tally.cannotJudge, tally.responses),
    fast,
    goldShare: share(gold.agreed, gold.pairs),
    goldPrompts: gold.prompts,
    skipped,
    flagged,
    signs: workSigns({ prompts, fast, singleTier, withSeveralPlaced: severalPlaced }),
  };
}

const share = (part: number, total: number): number | null => (total === 0 ? null : part / total);
