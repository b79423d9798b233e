import { describe, expect, it } from 'vitest';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import type { EncodedPrompt } from './encoded-prompt';
import { largestBlock, packedRows, packPrompts, predictionCount, splitByBudget } from './pack';

const prompt: EncodedPrompt = {
  id: 'p',
  promptIds: [1, 20, 21],
  responses: [
    { id: 'a', ids: [30, 31, 2], lengthExponent: 1 },
    { id: 'b', ids: [2], lengthExponent: 1 },
    { id: 'c', ids: [40, 2], lengthExponent: 1 },
  ],
  pairs: [],
  target: null,
};

describe('packPrompts', () => {
  it('shared: x once, positions restart after x, every response sees x and itself', () => {
    const block = packPrompts([prompt, prompt], { packing: 'shared' });
    expect([...block.ids]).toEqual([1, 20, 21, 30, 31, 40, 1, 20, 21, 30, 31, 40]);
    expect([...block.positions]).toEqual([0, 1, 2, 3, 4, 3, 0, 1, 2, 3, 4, 3]);
    expect(block.segments).toEqual([
      { start: 0, end: 3, prefixStart: 0, prefixEnd: 0 },
      { start: 3, end: 5, prefixStart: 0, prefixEnd: 3 },
      { start: 5, end: 6, prefixStart: 0, prefixEnd: 3 },
      { start: 6, end: 9, prefixStart: 6, prefixEnd: 6 },
      { start: 9, end: 11, prefixStart: 6, prefixEnd: 9 },
      { start: 11, end: 12, prefixStart: 6, prefixEnd: 9 },
    ]);
    expect([...block.predictRows]).toEqual([2, 3, 4, 2, 2, 5, 8, 9, 10, 8, 8, 11]);
    expect([...block.targets]).toEqual([30, 31, 2, 2, 40, 2, 30, 31, 2, 2, 40, 2]);
    expect(block.spans.map(({ prompt: p, response, start, end }) => [p, response, start, end])).toEqual([
      [0, 0, 0, 3],
      [0, 1, 3, 4],
      [0, 2, 4, 6],
      [1, 0, 6, 9],
      [1, 1, 9, 10],
      [1, 2, 10, 12],
    ]);
    expect(block.positionCount).toBe(5);
  });

  it('naive: x in front of every response', () => {
    const block = packPrompts([prompt], { packing: 'naive' });
    expect([...block.ids]).toEqual([1, 20, 21, 30, 31, 1, 20, 21, 1, 20, 21, 40]);
    expect([...block.positions]).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 2, 3]);
    expect(
      block.segments.map(({ start, end, prefixStart, prefixEnd }) => [start, end, prefixEnd - prefixStart]),
    ).toEqual([
      [0, 5, 0],
      [5, 8, 0],
      [8, 12, 0],
    ]);
    expect([...block.predictRows]).toEqual([2, 3, 4, 7, 10, 11]);
    expect([...block.targets]).toEqual([30, 31, 2, 2, 40, 2]);
  });

  it('for pretraining also predicts the tokens of the prompt after the first, once', () => {
    const block = packPrompts([prompt], { packing: 'shared', predictPrompt: true });
    expect([...block.targets]).toEqual([20, 21, 30, 31, 2, 2, 40, 2]);
    expect([...block.predictRows]).toEqual([0, 1, 2, 3, 4, 2, 2, 5]);
    expect(block.spans[0]).toEqual({ prompt: 0, response: -1, start: 0, end: 2 });
    expect(() => packPrompts([prompt], { packing: 'naive', predictPrompt: true })).toThrow('count it once a response');
  });

  it('counts what it packs', () => {
    for (const packing of ['shared', 'naive'] as const) {
      for (const one of tinyPrompts({ count: 20 })) {
        const block = packPrompts([one], { packing });
        expect(block.ids).toHaveLength(packedRows(one, packing));
        expect(block.targets).toHaveLength(predictionCount(one));
      }
    }
  });

  it('refuses a prompt or response without tokens, by name', () => {
    const empty = { ...prompt, responses: [{ id: 'nothing', ids: [], lengthExponent: 1 }] };
    expect(() => packPrompts([empty], { packing: 'shared' })).toThrow('"nothing" of "p" has no tokens');
    expect(() => packPrompts([{ ...prompt, promptIds: [] }], { packing: 'naive' })).toThrow('"p" has no tokens');
  });
});

describe('splitByBudget', () => {
  const prompts = tinyPrompts({ count: 30 });

  it('keeps order and both bounds; a prompt over the budget stands alone', () => {
    const huge = { ...prompt, id: 'huge', promptIds: Array(200).fill(20) };
    const all = [...prompts.slice(0, 10), huge, ...prompts.slice(10)];
    const groups = splitByBudget(all, { packing: 'shared', maxPrompts: 4, maxRows: 120 });
    expect(groups.flat()).toEqual(all);
    expect(groups).toContainEqual([huge]);
    expect(Math.max(...groups.map((group) => group.length))).toBe(4);
    for (const group of groups) {
      const rows = group.reduce((sum, one) => sum + packedRows(one, 'shared'), 0);
      if (group[0] !== huge) expect(rows).toBeLessThanOrEqual(120);
    }
  });

  it('is covered by largestBlock, tightly where one prompt fills a block', () => {
    for (const packing of ['shared', 'naive'] as const) {
      const options = { packing, maxPrompts: 4, maxRows: 150 };
      const bound = largestBlock(prompts, options);
      for (const group of splitByBudget(prompts, options)) {
        const block = packPrompts(group, { packing });
        expect(block.ids.length).toBeLessThanOrEqual(bound.rows);
        expect(block.targets.length).toBeLessThanOrEqual(bound.predictions);
        expect(block.positionCount).toBeLessThanOrEqual(bound.positions);
      }
      const single = packPrompts(prompts.slice(0, 1), { packing });
      expect(largestBlock(prompts.slice(0, 1), options)).toEqual({
        rows: single.ids.length,
        predictions: single.targets.length,
        positions: single.positionCount,
      });
    }
  });
});
