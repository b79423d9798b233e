import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { seededRandom, shuffled } from '@/trainer/data/seeded-random';
import { studentTQuantile } from '../student-t';
import { type MeasuredBiases, type WorkedPrompt, WorkStudy, workContribution } from './work-study';

interface Told {
  share: number;
  interval: [number, number] | null;
}
interface BiasCase {
  prompts: {
    lengths: Record<string, number>;
    boards: { annotator: string; shown: string[]; tiers: Record<string, number> }[];
  }[];
  /** 'all', and each annotator. */
  first: Record<string, Told>;
  longest: Record<string, Told>;
}
const at = Date.UTC(2026, 10, 26, 23, 59);

const workedPrompt = ({ lengths, boards }: BiasCase['prompts'][number], number: number): WorkedPrompt => {
  const judgements = boards.map(({ annotator, shown, tiers }) => ({
    annotator,
    order: new Map(Object.entries(tiers)),
    at,
    begunAt: at,
    shown,
  }));
  return {
    id: `p${number}`,
    responses: Object.entries(lengths).map(([id, length]) => ({ id, source: null, length })),
    judgements,
    expanded: judgements,
  };
};
const measure = (prompts: readonly WorkedPrompt[]) => {
  const study = new WorkStudy();
  for (const prompt of prompts) study.add(workContribution(prompt));
  return study.measured();
};
function expectTold(measured: MeasuredBiases, told: Record<string, Told>): void {
  const { all, ...people } = told;
  const pairs = [
    [measured.project, all] as const,
    ...measured.annotators.filter(({ share }) => share !== null).map((one) => [one, people[one.annotatorId]] as const),
  ];
  expect(pairs).toHaveLength(Object.keys(people).length + 1);
  for (const [own, expected] of pairs) {
    if (!expected) {
      expect(own.share).toBeNull();
      continue;
    }
    expect(own.share).toBeCloseTo(expected.share, 12);
    if (expected.interval === null) expect(own.interval).toBeNull();
    else expected.interval.forEach((end, i) => void expect(own.interval![i]).toBeCloseTo(end, 9));
  }
}

describe('how people work', () => {
  it.each(readCases<BiasCase>('bias.jsonl').map((one, seed) => ({ seed, ...one })))(
    'whether the first or the longest wins, with intervals as statsmodels has them (seed $seed)',
    ({ prompts, first, longest }) => {
      const measured = measure(prompts.map(workedPrompt));
      expectTold(measured.firstShown, first);
      expectTold(measured.longest, longest);
    },
  );

  it('who does not mind the order gives the first a half; who prefers it is found out, and alone', () => {
    const random = seededRandom(7);
    const prompts = Array.from({ length: 400 }, (_, number) => {
      const boards = ['fair', 'swayed'].map((annotator) => {
        const shown = shuffled(['a', 'b', 'c'], random);
        const tiers = Object.fromEntries(shown.map((id) => [id, Math.floor(random() * 4)]));
        if (annotator === 'swayed' && random() < 0.4) tiers[shown[0]!] = 0;
        return { annotator, shown, tiers };
      });
      return workedPrompt({ lengths: { a: 5, b: 3, c: 1 }, boards }, number);
    });
    const { annotators } = measure(prompts).firstShown;
    const of = (name: string) => annotators.find(({ annotatorId }) => annotatorId === name)!;
    expect(of('fair').interval![0]).toBeLessThan(0.5);
    expect(of('fair').interval![1]).toBeGreaterThan(0.5);
    expect(of('swayed').interval![0]).toBeGreaterThan(0.55);
    expect(of('swayed').boards).toBe(400);
  });

  it('a response that the annotator could not judge wins and loses nothing', () => {
    const board = { annotator: 'ada', shown: ['a', 'b', 'c'], tiers: { b: 0, c: 1 } };
    const { firstShown, longest } = measure([workedPrompt({ lengths: { a: 9, b: 2, c: 1 }, boards: [board] }, 0)]);
    expect(firstShown.project).toEqual({ share: null, interval: null, boards: 0 });
    // Of those that were placed, b is the longest.
    expect(longest.project).toEqual({ share: 1, interval: null, boards: 1 });
  });

  it('counts what was begun on each day by each person', () => {
    const begun = (annotator: string, begunAt: number) => ({
      annotator,
      order: new Map(),
      at: begunAt,
      begunAt,
      shown: [],
    });
    const prompt = (judgements: WorkedPrompt['judgements']) => ({ id: 'p', responses: [], judgements, expanded: [] });
    const { days } = measure([
      prompt([begun('ada', at), begun('bob', at + 60_000)]),
      prompt([begun('ada', at - 3_600_000)]),
    ]);
    expect(days).toEqual([
      { day: '2026-11-26', annotatorId: 'ada', judged: 2 },
      { day: '2026-11-27', annotatorId: 'bob', judged: 1 },
    ]);
  });
});

it("quantiles of Student's t are scipy's", () => {
  const known = readCases<{ p: number; degrees: number; t: number }>('student-t-quantiles.jsonl');
  expect(known.length).toBe(40);
  for (const { p, degrees, t } of known) {
    expect(Math.abs(studentTQuantile(p, degrees) - t), `${p} ${degrees}`).toBeLessThan(1e-9 * Math.max(1, t));
  }
});
