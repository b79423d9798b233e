import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { estimateJudgementModel, guessedModel, type JudgementModel, type ResponseJudgement } from './judgement-model';
import { judgedBy, responseJudgements } from './people.test-support';

interface Case {
  tiers: number;
  rounds: number;
  rows: [item: string, annotator: string, tier: number | null][];
  model: Omit<JudgementModel, 'tierCount'>;
}
const study = { seed: 11, prompts: 400, responses: 4, tiers: 3, overlap: 3 };
const people = [0.95, 0.8, 0.6, 0.8].map((reliability, i) => ({ name: `person ${i}`, reliability }));
/** How probably somebody gives a response the tier that it has. */
const reliabilityOf = (rows: JudgementModel['pool']) =>
  rows.filter((_, s) => s % 2 === 0).reduce((sum, row, tier) => sum + row[tier]! / 3, 0);

describe('how people of a project judge', () => {
  it('is what an independent program says after some rounds', () => {
    const cases = readCases<Case>('posterior.jsonl');
    expect(cases.length).toBe(60);
    for (const { rows, tiers, rounds, model } of cases) {
      const judgements = rows.map(([item, annotator, tier]) => ({ item, annotator, tier }));
      const { tierCount, ...ours } = estimateJudgementModel(judgements, tiers, rounds);
      expect(tierCount).toBe(tiers);
      expect(numbersOf(ours)).toEqual(numbersOf(model).map((value) => expect.closeTo(value, 9)));
      expect(Object.keys(ours.annotators)).toEqual(Object.keys(model.annotators));
    }
  });

  it('finds out who is reliable', () => {
    const { annotators } = estimateJudgementModel(responseJudgements(judgedBy(people, study)), 3);
    const found = people.map(({ name }) => reliabilityOf(annotators[name]!));
    expect(found[0]).toBeGreaterThan(found[1]! + 0.05);
    expect(found[1]).toBeGreaterThan(found[2]! + 0.05);
    expect(Math.abs(found[1]! - found[3]!)).toBeLessThan(0.05);
  });

  it('takes somebody new for one of the pool, and believes a few judgements little', () => {
    const prompts = judgedBy(people, study);
    const known = estimateJudgementModel(responseJudgements(prompts), 3);
    const newcomer: ResponseJudgement[] = [{ item: '0 r0', annotator: 'new', tier: 2 }];
    const { annotators, pool } = estimateJudgementModel([...responseJudgements(prompts), ...newcomer], 3);
    expect(known.annotators.new).toBeUndefined();
    expect(Math.abs(reliabilityOf(annotators.new!) - reliabilityOf(pool))).toBeLessThan(0.03);
  });

  it('is a guess, in which near tiers are the more probable ones, while nobody has judged anything', () => {
    const guessed = numbersOf(guessedModel(4)).map((value) => expect.closeTo(value, 12));
    expect(numbersOf(estimateJudgementModel([], 4))).toEqual(guessed);
    const { pool } = guessedModel(3);
    expect(pool.map((row) => row.indexOf(Math.max(...row)))).toEqual([0, 0, 1, 1, 2]);
    expect(pool[1]![0]).toBe(pool[1]![1]);
  });

  it('counts what was not placed as a gap, never as a tier', () => {
    const rows = responseJudgements(judgedBy(people, study));
    const gaps = rows.map((row) => ({ ...row, item: `${row.item} again`, tier: null }));
    const [without, with_] = [estimateJudgementModel(rows, 3), estimateJudgementModel([...rows, ...gaps], 3)];
    expect(with_.annotators).toEqual(without.annotators);
    expect(with_.placedShare).toBeCloseTo(0.5, 2);
    const nothing = estimateJudgementModel(gaps, 3);
    expect(nothing.pool.flat()).toEqual(
      guessedModel(3)
        .pool.flat()
        .map((value) => expect.closeTo(value, 12)),
    );
    expect(nothing.placedShare).toBeLessThan(0.01);
  });

  it('is the mirror image where best and worst change places', () => {
    const rows = responseJudgements(judgedBy(people, study));
    const mirrored = rows.map((row) => ({ ...row, tier: 2 - row.tier! }));
    const [model, mirror] = [estimateJudgementModel(rows, 3), estimateJudgementModel(mirrored, 3)];
    const turned = mirror.pool.map((row) => [...row].reverse()).reverse();
    expect(turned.flat()).toEqual(model.pool.flat().map((value) => expect.closeTo(value, 6)));
  });
});

const numbersOf = ({ shares, placedShare, pool, annotators }: Case['model']): number[] => [
  placedShare,
  ...shares,
  ...pool.flat(),
  ...Object.keys(annotators)
    .sort()
    .flatMap((name) => annotators[name]!.flat()),
];
