import { describe, expect, it } from 'vitest';
import type { ExternalPromptId } from '../contract/ids';
import { chooseHeldOut, heldOutRecords } from './held-out';
import { planTraining } from './plan';
import { learningRateAt } from './schedule';

describe('learningRateAt', () => {
  const schedule = { peak: 2, warmupSteps: 4, totalSteps: 20 };
  const rates = Array.from({ length: 20 }, (_, i) => learningRateAt(i + 1, schedule));

  it('rises linearly to the peak, then falls at every step and stays above 0', () => {
    expect(rates.slice(0, 4)).toEqual([0.5, 1, 1.5, 2]);
    rates.slice(4).forEach((rate, i) => {
      expect(rate).toBeLessThan(rates[i + 3]!);
      expect(rate).toBeGreaterThan(0);
    });
  });

  it('is half-way down in the middle, and ends near its floor', () => {
    expect(learningRateAt(50, { peak: 2, warmupSteps: 0, totalSteps: 99 })).toBeCloseTo(1, 10);
    expect(learningRateAt(1000, { peak: 2, warmupSteps: 0, totalSteps: 1000, floor: 0.1 })).toBeCloseTo(0.2, 4);
  });

  it('has one step at the peak without warm-up or with warm-up alone', () => {
    expect(learningRateAt(1, { peak: 2, warmupSteps: 1, totalSteps: 1 })).toBe(2);
    expect(learningRateAt(1, { peak: 2, warmupSteps: 0, totalSteps: 1 })).toBe(1);
  });
});

describe('chooseHeldOut', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `prompt-${i}`);

  it('is a share of the ids, from the seed and not from their order', () => {
    const chosen = chooseHeldOut(ids, 0.2, 1);
    expect(chosen.size).toBe(10);
    expect(chooseHeldOut([...ids].reverse(), 0.2, 1)).toEqual(chosen);
    expect(chooseHeldOut(ids, 0.2, 2)).not.toEqual(chosen);
  });

  it('leaves at least one prompt on each side, and none held out at 0', () => {
    expect(chooseHeldOut(['a', 'b'], 0.01, 1).size).toBe(1);
    expect(chooseHeldOut(['a', 'b'], 0.9, 1).size).toBe(1);
    expect(chooseHeldOut(['a'], 0.5, 1).size).toBe(0);
    expect(chooseHeldOut(ids, 0, 1).size).toBe(0);
  });
});

describe('planTraining', () => {
  const prompts = Array.from({ length: 10 }, (_, i) => ({
    id: `p${i}`,
    promptIds: [1],
    responses: [],
    pairs: [],
    target: null,
  }));
  const plan = planTraining(prompts, { batchSize: 2, accumulation: 2, epochs: 2, seed: 1 });
  const steps = Array.from({ length: 6 }, (_, i) => plan.at(i + 1));

  it('uses every prompt once per epoch, in a new order each time, the rest in the last step', () => {
    expect(plan).toMatchObject({ totalSteps: 6, stepsPerEpoch: 3 });
    expect(steps.map((s) => [s.epoch, s.lastOfEpoch, s.prompts.length])).toEqual([
      [1, false, 4],
      [1, false, 4],
      [1, true, 2],
      [2, false, 4],
      [2, false, 4],
      [2, true, 2],
    ]);
    const order = (epoch: number) =>
      steps.filter((s) => s.epoch === epoch).flatMap((s) => s.prompts.map(({ id }) => id));
    expect([...order(1)].sort()).toEqual(prompts.map(({ id }) => id).sort());
    expect([...order(2)].sort()).toEqual([...order(1)].sort());
    expect(order(2)).not.toEqual(order(1));
  });

  it('gives the same step whatever step was requested before', () => {
    expect(planTraining(prompts, { batchSize: 2, accumulation: 2, epochs: 2, seed: 1 }).at(5)).toEqual(steps[4]);
    expect(plan.at(2)).toEqual(steps[1]);
  });
});

describe('heldOutRecords', () => {
  it('is what a snapshot’s split keeps from training, and a fraction only where it has none', () => {
    const split = [
      { id: 'a', split: 'train' },
      { id: 'b', split: 'test' },
      { id: 'c', split: 'validation' },
      { id: 'd', split: 'train' },
    ] as { id: ExternalPromptId; split: 'train' | 'test' | 'validation' }[];
    expect(heldOutRecords(split, 0.5, 1)).toEqual(new Set(['b', 'c']));
    expect(
      heldOutRecords(
        split.filter(({ split: of }) => of === 'train'),
        0.5,
        1,
      ),
    ).toEqual(new Set());
    const whole = split.map(({ id }) => ({ id }));
    expect(heldOutRecords(whole, 0.5, 1)).toEqual(chooseHeldOut(['a', 'b', 'c', 'd'], 0.5, 1));
  });
});
