import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { alternativeAnnotatorTest, type ComparedPrompt } from './alternative-annotator';
import { studentT } from './student-t';

interface Expected {
  p: number[];
  advantage: number[];
  prompts: number[];
  won: boolean[];
}
interface Case {
  /** Each prompt's orders, the model's last; null = a gap. */
  prompts: (number | null)[][][];
  epsilon: number;
  level: number;
  with_ties: Expected;
  without_ties: Expected;
}
const orderOf = (tiers: readonly (number | null)[]) =>
  new Map(tiers.flatMap((tier, i) => (tier === null ? [] : [[`r${i}`, tier] as const])));
const comparedOf = ({ prompts }: Pick<Case, 'prompts'>): ComparedPrompt[] =>
  prompts.map((orders) => ({
    model: orderOf(orders.at(-1)!),
    people: orders.slice(0, -1).map((tiers, i) => ({ annotator: `person ${i}`, order: orderOf(tiers) })),
  }));
const cases = readCases<Case>('alternative-annotator.jsonl');

describe('the alternative annotator test', () => {
  it.each([
    ['with ties', true, 'with_ties'],
    ['without ties', false, 'without_ties'],
  ] as const)('says what an independent program says, %s, with gaps', (_, countTies, name) => {
    expect(cases.length).toBe(4);
    for (const one of cases) {
      const { people, winningRate, advantage } = alternativeAnnotatorTest(comparedOf(one), { ...one, countTies });
      const expected = one[name];
      expect(people.map(({ won }) => won)).toEqual(expected.won);
      expect(people.map(({ prompts }) => prompts)).toEqual(expected.prompts);
      people.forEach((person, i) => {
        expect(person.pValue.value).toBeCloseTo(expected.p[i]!, 10);
        expect(person.advantage.value).toBeCloseTo(expected.advantage[i]!, 12);
      });
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(winningRate.value).toBeCloseTo(mean(expected.won.map(Number)), 12);
      expect(advantage.value).toBeCloseTo(mean(expected.advantage), 12);
    }
    // Some models pass and some do not, or the test would say nothing.
    expect(new Set(cases.flatMap((one) => one[name].won)).size).toBe(2);
  });

  it('is undefined, with a reason, below thirty prompts and with one person', () => {
    const few = comparedOf({ prompts: cases[0]!.prompts.slice(0, 29) });
    const { people, winningRate } = alternativeAnnotatorTest(few, { epsilon: 0.1, level: 0.05, countTies: true });
    expect(people[0]!.pValue).toMatchObject({
      value: null,
      reason: { key: 'trainer.fewerPromptsThanTested', values: { fewest: 30 } },
    });
    expect(winningRate).toEqual({ value: null, reason: { key: 'trainer.nobodyToTestAgainst' } });
    const alone = comparedOf(cases[0]!).map(({ model, people: all }) => ({ model, people: all.slice(0, 1) }));
    expect(alternativeAnnotatorTest(alone, { epsilon: 0.1, level: 0.05, countTies: true }).winningRate).toEqual({
      value: null,
      reason: { key: 'trainer.fewerThanTwoAnnotators' },
    });
  });

  it('a model that repeats what everybody says wins against everybody; one that contradicts them against nobody', () => {
    const prompts = Array.from({ length: 40 }, (_, i) => [i % 3, (i + 1) % 3, 2]);
    const withModel = (turn: (tier: number) => number) =>
      comparedOf({ prompts: prompts.map((tiers) => [tiers, tiers, tiers, tiers.map(turn)]) });
    const options = { epsilon: 0.1, level: 0.05, countTies: true };
    expect(
      alternativeAnnotatorTest(
        withModel((tier) => tier),
        options,
      ).winningRate,
    ).toEqual({ value: 1 });
    expect(
      alternativeAnnotatorTest(
        withModel((tier) => 2 - tier),
        options,
      ).winningRate,
    ).toEqual({ value: 0 });
  });
});

it("Student's t is scipy's", () => {
  const known = readCases<{ t: number; degrees: number; p: number }>('student-t.jsonl');
  expect(known.length).toBe(54);
  for (const { t, degrees, p } of known) {
    expect(Math.abs(studentT(t, degrees) / p - 1), `${t} ${degrees}`).toBeLessThan(1e-10);
  }
});
