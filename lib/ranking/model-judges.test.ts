import { describe, expect, it } from 'vitest';
import { alternativeAnnotatorTest } from './alternative-annotator';
import { type JudgedByModels, ModelJudges } from './model-judges';
import type { JudgedOrder } from './tiers';

const order = (annotator: string, ...tiers: number[]): JudgedOrder => ({
  annotator,
  order: new Map(tiers.map((tier, i) => [`r${i}`, tier])),
});
const measured = (...prompts: JudgedByModels[]) => {
  const judges = new ModelJudges(4);
  for (const prompt of prompts) judges.add(prompt);
  return judges.measured();
};

describe('model judges', () => {
  it('are compared with people, and people with one another on the same prompts', () => {
    const [judge] = measured(
      { models: [order('m', 0, 1, 2)], people: [order('ann', 0, 1, 2), order('ben', 2, 1, 0)] },
      { models: [order('m', 0, 0)], people: [order('ann', 0, 1)] },
    );
    expect(judge).toMatchObject({ annotator: 'm', prompts: 2 });
    // Six pairs with ties: three the same, three reversed, and one that the model ties.
    expect(judge!.withPeople).toMatchObject({
      comparisons: 3,
      tauX: { value: 0 },
      pairAgreement: { value: 3 / 7 },
      orderedPairAgreement: { value: 1 / 2 },
    });
    expect(judge!.amongPeople).toMatchObject({ comparisons: 1, tauX: { value: -1 }, pairAgreement: { value: 0 } });
  });

  it('do not count what people said of prompts that the model did not judge, nor of other models', () => {
    const only = { models: [order('m', 0, 1)], people: [order('ann', 0, 1)] };
    const [alone] = measured(only);
    const [first, second] = measured(only, {
      models: [order('n', 1, 0)],
      people: [order('ann', 0, 1), order('ben', 0, 1)],
    });
    expect(first).toEqual(alone);
    expect(second).toMatchObject({ annotator: 'n', prompts: 1, withPeople: { tauX: { value: -1 } } });
  });

  it('say why a figure is undefined', () => {
    const [judge] = measured({ models: [order('m', 0, 0)], people: [] });
    expect(judge!.prompts).toBe(0);
    expect(judge!.withPeople.tauX).toMatchObject({ value: null, reason: { key: 'trainer.fewerThanTwoPlacedByBoth' } });
    expect(judge!.withPeople.orderedPairAgreement).toMatchObject({ reason: { key: 'trainer.noPairOrderedByBoth' } });
    expect(judge!.tests[0]!.winningRate).toMatchObject({
      value: null,
      reason: { key: 'trainer.fewerThanTwoAnnotators' },
    });
  });

  it('take the alternative annotator test with each epsilon, with ties and without', () => {
    const prompts = Array.from({ length: 40 }, (_, i) => ({
      models: [order('m', 0, 1, i % 3)],
      people: [order('ann', 0, 1, 2), order('ben', 0, 1, i % 2), order('cy', 0, 1, 1)],
    }));
    const [judge] = measured(...prompts);
    expect(judge!.tests.map(({ epsilon, countTies }) => [epsilon, countTies])).toEqual([
      [0.1, true],
      [0.1, false],
      [0.15, true],
      [0.15, false],
      [0.2, true],
      [0.2, false],
    ]);
    const compared = prompts.map(({ models, people }) => ({ model: models[0]!.order, people }));
    for (const { epsilon, countTies, ...test } of judge!.tests) {
      expect(test).toEqual(alternativeAnnotatorTest(compared, { epsilon, level: 0.05, countTies }));
    }
  });
});
