import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, isTransitive } from './arbitraries.test-support';
import type { Edge } from './partial-order';
import {
  edgesOf,
  isAcyclic,
  relationOf,
  stronglyConnectedComponents,
  topologicalLevels,
  transitiveClosure,
} from './partial-order';

const item = fc.integer({ min: 0, max: 6 });
const edges = fc.array(fc.record({ better: item, worse: item }), { maxLength: 14 });
const chain = (...items: number[]): Edge[] => items.slice(1).map((worse, i) => ({ better: items[i]!, worse }));

describe('partial orders', () => {
  it('close to the smallest transitive relation', () => {
    expect(edgesOf(transitiveClosure(relationOf(4, chain(2, 0, 3))))).toEqual([
      { better: 0, worse: 3 },
      { better: 2, worse: 0 },
      { better: 2, worse: 3 },
    ]);
    check(
      fc.property(edges, (some) => {
        const relation = relationOf(7, some);
        const closed = transitiveClosure(relation);
        expect(isTransitive(closed)).toBe(true);
        // Reachability the slow way: a walk from every item.
        for (let start = 0; start < 7; start++) {
          const reached = new Set<number>();
          const queue = [start];
          while (queue.length > 0) {
            const at = queue.pop()!;
            for (let next = 0; next < 7; next++) {
              if (relation[at]![next] && !reached.has(next)) {
                reached.add(next);
                queue.push(next);
              }
            }
          }
          expect(closed[start]!.flatMap((held, i) => (held ? [i] : []))).toEqual([...reached].sort());
        }
      }),
    );
  });

  it('know a cycle, also of one item', () => {
    expect(isAcyclic(relationOf(3, chain(0, 1, 2)))).toBe(true);
    expect(isAcyclic(relationOf(3, chain(0, 1, 2, 0)))).toBe(false);
    expect(isAcyclic(relationOf(1, chain(0, 0)))).toBe(false);
    expect(() => topologicalLevels(relationOf(2, chain(0, 1, 0)))).toThrow('cycle');
  });

  it('put two items into one component exactly when each reaches the other', () => {
    expect(stronglyConnectedComponents(relationOf(5, [...chain(0, 1, 2, 0), ...chain(2, 3)]))).toEqual([0, 0, 0, 1, 2]);
    check(
      fc.property(edges, (some) => {
        const relation = relationOf(7, some);
        const closed = transitiveClosure(relation);
        const component = stronglyConnectedComponents(relation);
        for (let i = 0; i < 7; i++) {
          for (let j = 0; j < 7; j++) {
            const mutual = i === j || (closed[i]![j]! && closed[j]![i]!);
            expect(component[i] === component[j]).toBe(mutual);
          }
        }
        const across = some.filter(({ better, worse }) => component[better] !== component[worse]);
        expect(isAcyclic(relationOf(7, across))).toBe(true);
      }),
    );
  });

  it('level every item below all that is better', () => {
    expect(topologicalLevels(relationOf(4, [...chain(3, 1, 0), ...chain(3, 0)]))).toEqual([2, 1, 0, 0]);
    check(
      fc.property(edges, (some) => {
        const downward = some.filter(({ better, worse }) => better < worse);
        const levels = topologicalLevels(relationOf(7, downward));
        for (const { better, worse } of downward) expect(levels[worse]!).toBeGreaterThan(levels[better]!);
      }),
    );
  });

  it('refuse an item that is not there', () => {
    expect(() => relationOf(2, [{ better: 0, worse: 2 }])).toThrow(RangeError);
    expect(() => relationOf(2, [{ better: -1, worse: 0 }])).toThrow(RangeError);
  });
});
