import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '@/trainer/data/seeded-random';
import { check, judgementsOf } from '../arbitraries.test-support';
import type { Statistic } from '../statistic';
import { namedFigures, ProjectAgreement, pairKey, promptAgreement, type TimedOrder } from './index';

const judged = (annotator: string, order: Record<string, number>, at?: number): TimedOrder => ({
  annotator,
  order: new Map(Object.entries(order)),
  at,
});
const reason = (statistic: Statistic) => (statistic.value === null ? statistic.reason.key : null);

/** Annotators who tell the truth, or anything, of so many prompts; each of them judges most. */
function study(prompts: number, seed = 7): Map<string, TimedOrder[]> {
  const random = seededRandom(seed);
  const tier = () => Math.floor(random() * 4);
  return new Map(
    Array.from({ length: prompts }, (_, i) => {
      const truth = Array.from({ length: 5 }, tier);
      const judgements = ['ann', 'ben', 'cyd'].map((annotator) => ({
        annotator,
        order: new Map(
          truth.flatMap((right, r) => (random() < 0.1 ? [] : [[`r${r}`, random() < 0.6 ? right : tier()] as const])),
        ),
        at: i * 86_400_000,
      }));
      return [`p${i}`, judgements.filter(() => random() < 0.9)];
    }),
  );
}
function projectOf(prompts: ReadonlyMap<string, readonly TimedOrder[]>, tierCount = 4): ProjectAgreement {
  const project = new ProjectAgreement(tierCount);
  for (const judgements of prompts.values()) project.add(promptAgreement(judgements, tierCount));
  return project;
}

describe('agreement of a project', () => {
  it('compares the responses that both placed: a gap is not a tie', () => {
    const project = projectOf(
      new Map([
        ['p', [judged('ann', { a: 0, b: 1, c: 2 }), judged('ben', { a: 0, b: 1 })]],
        // They have one response in common: nothing to order, but a tier to compare.
        ['q', [judged('ann', { a: 0, b: 0 }), judged('ben', { b: 0, c: 1 })]],
      ]),
    );
    expect(project.figures()).toMatchObject({
      comparisons: 1,
      tauX: { value: 1 },
      pairAgreement: { value: 1 },
      sameTier: { value: 1 },
    });
    const [pair] = project.pairs();
    expect(pair).toMatchObject({ first: 'ann', second: 'ben', comparisons: 1, kappa: { value: 1 } });
    const alone = projectOf(new Map([['q', [judged('ann', { a: 0, b: 0 }), judged('ben', { b: 0, c: 1 })]]]));
    expect(alone.figures()).toMatchObject({ comparisons: 0, tauX: { value: null }, sameTier: { value: 1 } });
  });

  it('is the mean over comparisons, for the project, an annotator and two annotators', () => {
    const project = projectOf(
      new Map([
        ['p', [judged('ann', { a: 0, b: 1 }), judged('ben', { a: 0, b: 1 }), judged('cyd', { a: 1, b: 0 })]],
        ['q', [judged('ann', { a: 0, b: 1 }), judged('ben', { a: 2, b: 3 })]],
      ]),
    );
    // ann-ben 1 and 1, ann-cyd -1, ben-cyd -1.
    expect(project.figures().tauX).toEqual({ value: 0 });
    expect(
      project.annotators().map(({ annotator, comparisons, tauX }) => [annotator, comparisons, tauX.value]),
    ).toEqual([
      ['ann', 3, 1 / 3],
      ['ben', 3, 1 / 3],
      ['cyd', 2, -1],
    ]);
    expect(project.pairs().map(({ first, second, tauX }) => [first, second, tauX.value])).toEqual([
      ['ann', 'ben', 1],
      ['ann', 'cyd', -1],
      ['ben', 'cyd', -1],
    ]);
    expect(project.pairs()[0]!.sameTier).toEqual({ value: 0.5 });
  });

  it('has a reason for every figure that is undefined, and is never NaN', () => {
    const nobody = new ProjectAgreement(4).figures();
    for (const statistic of Object.values<Statistic>(namedFigures(nobody)))
      expect(reason(statistic)).toMatch(/^trainer\./);
    check(
      fc.property(fc.array(judgementsOf(4), { maxLength: 4 }), (prompts) => {
        const project = projectOf(new Map(prompts.map((all, i) => [`p${i}`, all])));
        const all = [project.figures(), ...prompts.map((one) => projectOf(new Map([['p', one]])).figures())];
        for (const figures of all) {
          for (const { value } of Object.values<Statistic>(namedFigures(figures))) {
            if (value !== null) expect(value).toBeLessThanOrEqual(1 + 1e-9);
          }
        }
      }),
    );
  });

  it('over time counts a prompt where it was judged last', () => {
    const project = projectOf(
      new Map([
        ['p', [judged('ann', { a: 0, b: 1 }, 1), judged('ben', { a: 0, b: 1 }, 25)]],
        ['q', [judged('ann', { a: 0, b: 1 }, 12), judged('ben', { a: 1, b: 0 }, 13)]],
        ['without a time', [judged('ann', { a: 0, b: 1 }), judged('ben', { a: 1, b: 0 })]],
      ]),
    );
    const series = project.overTime((time) => `${Math.floor(time / 10)}0s`);
    expect(series.map(({ bucket, comparisons, tauX }) => [bucket, comparisons, tauX.value])).toEqual([
      ['10s', 1, -1],
      ['20s', 1, 1],
    ]);
  });

  it('has intervals that a seed repeats, around the figures', () => {
    const project = projectOf(study(60));
    const drawn = project.intervals({ seed: 3, resamples: 400 });
    expect(project.intervals({ seed: 3, resamples: 400 })).toEqual(drawn);
    expect(project.intervals({ seed: 4, resamples: 400 }).figures).not.toEqual(drawn.figures);
    for (const [name, { value }] of Object.entries<Statistic>(namedFigures(project.figures()))) {
      const [low, high] = drawn.figures[name as keyof typeof drawn.figures]!;
      expect(low).toBeLessThan(value!);
      expect(high).toBeGreaterThan(value!);
    }
    for (const { first, second, tauX } of project.pairs()) {
      const [low, high] = drawn.pairs.get(pairKey(first, second))!;
      expect(low).toBeLessThan(tauX.value!);
      expect(high).toBeGreaterThan(tauX.value!);
    }
    expect([...drawn.annotators.keys()].sort()).toEqual(['ann', 'ben', 'cyd']);
  });

  it('has intervals as wide as a mean over prompts has: half as wide with four times the prompts', () => {
    const width = (prompts: number) => {
      const [low, high] = projectOf(study(prompts)).intervals({ seed: 1, resamples: 1000 }).figures.tauX!;
      return high - low;
    };
    // The standard error of a mean, from the values themselves.
    const values = [...study(400)].flatMap(([prompt, judgements]) => {
      const { tauX, comparisons } = projectOf(new Map([[prompt, judgements]])).figures();
      return comparisons === 3 ? [tauX.value!] : [];
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    expect(width(400)).toBeCloseTo((2 * 1.96 * deviation) / Math.sqrt(400), 1);
    expect(width(100) / width(400)).toBeGreaterThan(1.7);
    expect(width(100) / width(400)).toBeLessThan(2.3);
  });

  it('has no interval where one prompt says everything', () => {
    const drawn = projectOf(new Map([['p', [judged('ann', { a: 0, b: 1 }), judged('ben', { a: 0, b: 1 })]]]));
    expect(drawn.intervals({ seed: 1, resamples: 10 }).figures.tauX).toBeNull();
  });
});
