import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { type AnnotationWithPlacements, currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { goldOfProject } from '@/lib/db/gold';
import { marksOfProject } from '@/lib/db/prompt-marks';
import { activeTimes, readingLengths } from '@/lib/db/work';
import { compareWithGold, type GoldPair } from '@/lib/ranking/gold';
import { weakOrder } from '@/lib/ranking/tiers';
import type { MarkKind } from '@/lib/schemas/prompt-mark';
import type { WorkReport, WorkRow } from '@/lib/schemas/work';
import { shownMark } from './prompt-marks';
import { FAST_CHARACTERS_PER_SECOND, isFast, workSigns } from './work-signs';

const PAGE = 500;
const MARKS = 1000;

/** How the annotators of a project work. For people to look at: nothing follows from it by itself. */
export async function getWork(actor: Actor, db: Database, projectId: string): Promise<WorkReport> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const times = await activeTimes(db, projectId);
  const gold = new Map((await goldOfProject(db, projectId)).map(({ gold: row }) => [row.promptId, row]));
  const promptIds = [...new Set(times.map(({ promptId }) => promptId))];
  const lengths = new Map<string, number>();
  const people = new Map<string, Tally>(times.map(({ annotatorId, name }) => [annotatorId, new Tally(name)]));
  for (let start = 0; start < promptIds.length; start += PAGE) {
    const ids = promptIds.slice(start, start + PAGE);
    for (const [id, length] of await readingLengths(db, ids)) lengths.set(id, length);
    for (const annotation of await currentAnnotationsOn(db, ids)) {
      const tally = people.get(annotation.annotatorId);
      tally?.add(annotation);
      const expected = gold.get(annotation.promptId);
      if (expected && expected.createdBy !== annotation.annotatorId) tally?.compare(expected.expected, annotation);
    }
  }
  for (const { annotatorId, promptId, ms } of times) people.get(annotatorId)?.time(ms ?? 0, lengths.get(promptId) ?? 0);
  const marks = await marksOfProject(db, projectId, { limit: MARKS });
  return {
    rows: [...people]
      .map(([id, tally]) => tally.row(id, marks))
      .sort((a, b) => b.prompts - a.prompts || (a.name < b.name ? -1 : 1)),
    marks: marks.map(({ annotator, annotatorId, ...mark }) => ({ ...shownMark(mark), annotator, annotatorId })),
    fastCharactersPerSecond: FAST_CHARACTERS_PER_SECOND,
  };
}

/** One person's work, counted. */
class Tally {
  private times: number[] = [];
  private fast = 0;
  private singleTier = 0;
  private withSeveralPlaced = 0;
  private cannotJudge = 0;
  private responses = 0;
  private goldPrompts = 0;
  private goldPairs: GoldPair[] = [];

  constructor(private readonly name: string) {}

  add({ placements }: AnnotationWithPlacements): void {
    const tiers = [...weakOrder(placements).values()];
    this.responses += placements.length;
    this.cannotJudge += placements.filter(({ state }) => state === 'cannot_judge').length;
    if (tiers.length < 2) return;
    this.withSeveralPlaced++;
    if (new Set(tiers).size === 1) this.singleTier++;
  }

  compare(expected: Record<string, number>, { placements }: AnnotationWithPlacements): void {
    this.goldPrompts++;
    const { pairs } = compareWithGold(new Map(Object.entries(expected)), weakOrder(placements));
    for (const pair of pairs) this.goldPairs.push(pair);
  }

  time(ms: number, characters: number): void {
    this.times.push(ms);
    if (isFast(ms, characters)) this.fast++;
  }

  row(annotatorId: string, marks: readonly { annotatorId: string; kind: string }[]): WorkRow {
    const prompts = this.times.length;
    const marked = (kind: MarkKind) => marks.filter((m) => m.annotatorId === annotatorId && m.kind === kind).length;
    const agreed = this.goldPairs.filter(({ verdict }) => verdict === 'agreed').length;
    return {
      annotatorId,
      name: this.name,
      prompts,
      medianActiveMs: median(this.times),
      singleTierShare: share(this.singleTier, this.withSeveralPlaced),
      cannotJudgeShare: share(this.cannotJudge, this.responses),
      fast: this.fast,
      goldShare: share(agreed, this.goldPairs.length),
      goldPrompts: this.goldPrompts,
      skipped: marked('skipped'),
      flagged: marked('flagged'),
      signs: workSigns({
        prompts,
        fast: this.fast,
        singleTier: this.singleTier,
        withSeveralPlaced: this.withSeveralPlaced,
      }),
    };
  }
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : Math.round((sorted[half - 1]! + sorted[half]!) / 2);
}
