import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordersOf } from './judged-orders';
import type { RowJudgement } from './shape';

const judgement = (annotator: string, ...scores: (readonly [number, number])[]): RowJudgement => ({
  annotator,
  scores,
});
const over = (better: number, worse: number) => judgement('Ann', [better, 1], [worse, 0]);
const tied = (one: number, other: number) => judgement('Ann', [one, 1], [other, 1]);
const told = (...judgements: RowJudgement[]) =>
  ordersOf(judgements).map(({ annotator, levels }) => [annotator, Object.fromEntries(levels)]);

describe('orders of a file’s judgements', () => {
  it('have the highest score first and equal scores on one level', () => {
    expect(ordersOf([judgement('Ann', [0, 3.5], [1, 9], [2, 3.5])])).toEqual([
      {
        annotator: 'Ann',
        levels: [
          [0, 1],
          [1, 0],
          [2, 1],
        ],
        levelCount: 2,
        allBad: false,
      },
    ]);
  });

  it('are one for a pair, and none for a single response', () => {
    expect(told(over(1, 0))).toEqual([['Ann', { 1: 0, 0: 1 }]]);
    expect(told(judgement('Ann', [0, 4]))).toEqual([]);
  });

  it('join judgements that say together how any two compare', () => {
    expect(told(over(0, 1), over(1, 2))).toEqual([['Ann', { 0: 0, 1: 1, 2: 2 }]]);
    expect(told(over(0, 1), over(0, 2), over(1, 2))).toEqual([['Ann', { 0: 0, 1: 1, 2: 2 }]]);
    expect(told(over(0, 1), tied(1, 2))).toEqual([['Ann', { 0: 0, 1: 1, 2: 1 }]]);
    expect(told(over(0, 1), over(0, 1))).toEqual([['Ann', { 0: 0, 1: 1 }]]);
  });

  it('say nothing of two responses that were never compared', () => {
    expect(told(over(0, 1), over(0, 2))).toEqual([
      ['Ann', { 0: 0, 1: 1 }],
      ['Ann (2)', { 0: 0, 2: 1 }],
    ]);
    expect(told(over(0, 1), over(2, 3))).toEqual([
      ['Ann', { 0: 0, 1: 1 }],
      ['Ann (2)', { 2: 0, 3: 1 }],
    ]);
  });

  it('keep both sides of a contradiction', () => {
    expect(told(over(0, 1), over(1, 0))).toEqual([
      ['Ann', { 0: 0, 1: 1 }],
      ['Ann (2)', { 1: 0, 0: 1 }],
    ]);
    expect(told(over(0, 1), over(1, 2), over(2, 0))).toHaveLength(2);
    expect(told(over(0, 1), tied(0, 1))).toHaveLength(2);
  });

  it('do not mix annotators, nor what is all bad with what is not', () => {
    expect(told(over(0, 1), judgement('Ben', [1, 1], [2, 0]))).toHaveLength(2);
    expect(ordersOf([tied(0, 1), { ...tied(1, 2), allBad: true }]).map(({ allBad }) => allBad)).toEqual([false, true]);
  });

  it('hold each pair that was said as often as it was said differently, and no other', () => {
    const pair = fc.record({ x: fc.nat(4), y: fc.nat(4), score: fc.integer({ min: -1, max: 1 }) });
    fc.assert(
      fc.property(
        fc.array(
          pair.filter(({ x, y }) => x !== y),
          { minLength: 1, maxLength: 8 },
        ),
        (pairs) => {
          const orders = ordersOf(pairs.map(({ x, y, score }) => judgement('Ann', [x, score], [y, 0])));
          // Each statement is in some order.
          for (const { x, y, score } of pairs) {
            const holds = orders.some(({ levels }) => {
              const order = new Map(levels);
              return order.has(x) && order.has(y) && Math.sign(order.get(y)! - order.get(x)!) === score;
            });
            expect(holds).toBe(true);
          }
          // No order says more than follows: two responses that no chain of statements connects are never in one order.
          for (const { levels } of orders) {
            const responses = levels.map(([response]) => response);
            const reach = new Set([responses[0]!]);
            for (let grew = true; grew; ) {
              const size = reach.size;
              for (const { x, y } of pairs) if (reach.has(x) || reach.has(y)) reach.add(x).add(y);
              grew = reach.size > size;
            }
            expect(responses.every((response) => reach.has(response))).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
