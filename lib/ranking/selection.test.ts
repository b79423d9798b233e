import { describe, expect, it } from 'vitest';
import type { ExternalResponseId } from '@/trainer/contract/ids';
import { selectPairs, splitOfPrompt } from './selection';

const ids = Array.from({ length: 5000 }, (_, i) => `prompt-${i}`);
const countOf = (splits: string[], name: string) => splits.filter((split) => split === name).length;

describe('the split of a prompt', () => {
  it('has about the shares that are asked for, with every seed another', () => {
    const splits = ids.map((id) => splitOfPrompt(id, 1, { validation: 10, test: 20 }));
    expect(countOf(splits, 'test') / ids.length).toBeCloseTo(0.2, 1);
    expect(countOf(splits, 'validation') / ids.length).toBeCloseTo(0.1, 1);
    const others = ids.map((id) => splitOfPrompt(id, 2, { validation: 10, test: 20 }));
    expect(splits.filter((split, i) => split !== others[i]).length).toBeGreaterThan(1000);
  });

  it('is the same whatever other prompts there are, now and in every later version', () => {
    expect(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => splitOfPrompt(id, 7, { validation: 30, test: 30 })),
    ).toMatchInlineSnapshot(`
      [
        "train",
        "validation",
        "train",
        "validation",
        "test",
        "train",
      ]
    `);
  });

  it('only takes prompts out of the training set where shares grow', () => {
    for (const id of ids.slice(0, 1000)) {
      const before = splitOfPrompt(id, 3, { validation: 5, test: 5 });
      const after = splitOfPrompt(id, 3, { validation: 20, test: 30 });
      if (before !== 'train') expect(after).toBe(before);
    }
  });

  it('is training alone where nothing is asked for', () => {
    expect(new Set(ids.map((id) => splitOfPrompt(id, 0, { validation: 0, test: 0 })))).toEqual(new Set(['train']));
  });
});

describe('the pairs of a prompt', () => {
  const pairs = Array.from({ length: 10 }, (_, i) => ({
    chosen: `r${i}` as ExternalResponseId,
    rejected: `r${i + 1}` as ExternalResponseId,
    margin: (i % 3) + 1,
    support: [],
    against: [],
  }));

  it('are all of them where nothing is asked for', () => {
    expect(selectPairs('p', pairs, { seed: 0 })).toEqual({ pairs, belowMargin: 0, aboveCap: 0 });
  });

  it('have the least margin, and are as many as allowed, in their order, the same each time', () => {
    const selected = selectPairs('p', pairs, { seed: 1, leastMargin: 2, pairsPerPrompt: 3 });
    expect(selected).toMatchObject({ belowMargin: 4, aboveCap: 3 });
    expect(selected.pairs).toHaveLength(3);
    expect(selected.pairs).toEqual(pairs.filter((pair) => selected.pairs.includes(pair)));
    expect(selected.pairs.every(({ margin }) => margin >= 2)).toBe(true);
    expect(selectPairs('p', [...pairs].reverse(), { seed: 1, leastMargin: 2, pairsPerPrompt: 3 }).pairs).toEqual(
      [...selected.pairs].reverse(),
    );
    const bySeed = new Set(
      Array.from({ length: 30 }, (_, seed) => selectPairs('p', pairs, { seed, pairsPerPrompt: 1 }).pairs[0]!.chosen),
    );
    expect(bySeed.size).toBeGreaterThan(4);
  });
});
