import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import type { ProjectRow } from '@/lib/db/projects';
import { languagesWithFewReaders, MOST_COUNTED } from '@/lib/db/prompt-languages';
import { newestCoverage } from '@/lib/db/prompt-list';
import { marksOfProject } from '@/lib/db/prompt-marks';
import { medianActiveMs, type TallyRow, talliesOfProject } from '@/lib/db/tallies';
import type { WorkReport, WorkRow } from '@/lib/schemas/work';
import { certaintyIn, isAdaptive } from './certainty';
import { goldComparisons } from './gold-comparisons';
import { toMyMark } from './prompt-marks';
import { FAST_CHARACTERS_PER_SECOND, workSigns } from './work-signs';

/** A report on how a project's annotators work. It is informational; nothing is decided from it automatically. */
export async function getWork(actor: Actor, db: Database, projectId: string): Promise<WorkReport> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const medians = await medianActiveMs(db, projectId);
  const gold = await goldTallies(db, projectId);
  const tallies = (await talliesOfProject(db, projectId)).filter(({ kind }) => kind === 'person');
  const rows = tallies.map(({ tally, name }) =>
    workRow(tally, name, medians.get(tally.annotatorId) ?? null, gold.get(tally.annotatorId) ?? noGold),
  );
  const marks = await marksOfProject(db, projectId, {});
  return {
    rows: rows.sort((a, b) => b.prompts - a.prompts || (a.name < b.name ? -1 : 1)),
    marks: marks.map(({ annotator, annotatorId, ...mark }) => ({ ...toMyMark(mark), annotator, annotatorId })),
    languages: await languagesShortOfReaders(db, project),
    certainties: await newestCertainties(db, project),
    fastCharactersPerSecond: FAST_CHARACTERS_PER_SECOND,
  };
}

/** So many of the prompts that changed last are told, among so many that are looked at. */
const CERTAINTIES = 10;
const LOOKED_AT = 100;

async function newestCertainties(db: Database, project: ProjectRow): Promise<WorkReport['certainties']> {
  if (!isAdaptive(project)) return [];
  const rows = await newestCoverage(db, project.id, LOOKED_AT);
  return rows
    .flatMap(({ externalId, coverage }) => {
      const certainty = coverage.judged > 0 && !coverage.isWithdrawn ? certaintyIn(project, coverage) : null;
      return certainty ? [{ ...certainty, promptId: coverage.promptId, externalId, judged: coverage.judged }] : [];
    })
    .slice(0, CERTAINTIES);
}

async function languagesShortOfReaders(
  db: Database,
  { id, overlap, overlapMinimum }: ProjectRow,
): Promise<WorkReport['languages']> {
  const wanted = (overlap === null ? null : overlapMinimum) ?? overlap ?? 1;
  const found = await languagesWithFewReaders(db, id, wanted);
  return found.map(({ prompts, ...row }) => ({
    ...row,
    wanted,
    prompts: Math.min(prompts, MOST_COUNTED),
    isMore: prompts > MOST_COUNTED,
  }));
}

interface GoldTally {
  prompts: number;
  pairs: number;
  agreed: number;
}
const noGold: GoldTally = { prompts: 0, pairs: 0, agreed: 0 };

/** Annotator id -> how his or her first versions agree with the expected tiers. */
async function goldTallies(db: Database, projectId: string): Promise<Map<string, GoldTally>> {
  const tallies = new Map<string, GoldTally>();
  for (const compared of await goldComparisons(db, projectId)) {
    const { prompts, pairs, agreed } = tallies.get(compared.annotatorId) ?? noGold;
    tallies.set(compared.annotatorId, {
      prompts: prompts + 1,
      pairs: pairs + compared.pairs,
      agreed: agreed + compared.agreed,
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
