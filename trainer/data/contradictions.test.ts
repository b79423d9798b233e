import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import { contradictionsOf, type RecordContent, resolveContradictions } from './contradictions';
import { type BetterEdge, findCycle, stronglyConnectedComponents } from './cycles';

const pair = (chosen: string, rejected: string, more: object = {}) => ({
  ...{ chosen, rejected, margin: 1, support: [], against: [] },
  ...more,
});
const record = (more: Partial<RecordContent> = {}): RecordContent => ({
  responses: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `text ${id}` })),
  pairs: [],
  ...more,
});
const refusals = (more: Partial<RecordContent>) => contradictionsOf(record(more)).map(inEnglish);
const settle = (more: Partial<RecordContent>) => {
  const { record: result, notes } = resolveContradictions(record(more));
  return { ...result, notes: notes.map(inEnglish) };
};

describe('circles', () => {
  const graphs = fc.integer({ min: 1, max: 8 }).chain((n) => {
    const item = fc.nat(n - 1);
    return fc.record({
      n: fc.constant(n),
      edges: fc.array(fc.tuple(item, item) as fc.Arbitrary<BetterEdge>, { maxLength: 14 }),
    });
  });
  const reaches = (edges: readonly BetterEdge[], from: number, to: number): boolean => {
    const seen = new Set<number>();
    const visit = (item: number): boolean =>
      edges.some(([a, b]) => a === item && (b === to || (!seen.has(b) && seen.add(b) !== undefined && visit(b))));
    return visit(from);
  };

  it('are found exactly where there are some', () => {
    fc.assert(
      fc.property(graphs, ({ n, edges }) => {
        const circle = findCycle(n, edges);
        const any = Array.from({ length: n }, (_, i) => i).some((i) => reaches(edges, i, i));
        expect(circle !== null).toBe(any);
        circle?.forEach((item, i) => {
          const next = circle[(i + 1) % circle.length];
          expect(edges.some(([a, b]) => a === item && b === next)).toBe(true);
        });
      }),
    );
  });

  it('two items share a component when each reaches the other', () => {
    fc.assert(
      fc.property(graphs, ({ n, edges }) => {
        const component = stronglyConnectedComponents(n, edges);
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < n; b++) {
            if (a === b) continue;
            expect(component[a] === component[b]).toBe(reaches(edges, a, b) && reaches(edges, b, a));
          }
        }
      }),
    );
  });

  it('of very many items are found as well', () => {
    const n = 100_000;
    const chain = Array.from({ length: n - 1 }, (_, i): BetterEdge => [i, i + 1]);
    expect(findCycle(n, chain)).toBeNull();
    expect(findCycle(n, [...chain, [n - 1, 0]])).toHaveLength(n);
  });
});

describe('contradictions that make a record meaningless are refused', () => {
  it.each<[string, Partial<RecordContent>, string[]]>([
    ['nothing', { pairs: [pair('a', 'b'), pair('b', 'c'), pair('a', 'c')], target: 'a' }, []],
    ['a pair with itself', { pairs: [pair('a', 'a')] }, ['a pair compares response "a" with itself']],
    [
      'two that are each better than the other',
      { pairs: [pair('a', 'b'), pair('b', 'a')] },
      ['"a" and "b" are each said to be better than the other'],
    ],
    [
      'a circle of three',
      { pairs: [pair('d', 'a'), pair('a', 'b'), pair('b', 'c'), pair('c', 'a')] },
      ['the pairs form a cycle: "a" > "b" > "c" > "a"'],
    ],
    [
      'a circle of four',
      { pairs: [pair('a', 'b'), pair('b', 'c'), pair('c', 'd'), pair('d', 'a')] },
      ['the pairs form a cycle: "a" > "b" > "c" > "d" > "a"'],
    ],
    [
      'strangers, each once, and a target that is not there',
      { pairs: [pair('a', 'x'), pair('x', 'b')], target: 'y' },
      ['a pair names response "x", which does not exist', 'target is response "y", which does not exist'],
    ],
    [
      'a response twice',
      { responses: ['a', 'b', 'a'].map((id) => ({ id, text: id })) },
      ['response "a" is listed twice'],
    ],
  ])('%s', (_, more, reasons) => expect(refusals(more)).toEqual(reasons));
});

describe('other contradictions are resolved or left, with a note', () => {
  it('a record without contradictions is returned itself, without notes', () => {
    const plain = record({ pairs: [pair('a', 'b')] });
    expect(resolveContradictions(plain)).toEqual({ record: plain, notes: [] });
    expect(resolveContradictions(plain).record).toBe(plain);
  });

  it('a repeated pair counts once, with the support of all its entries', () => {
    const { pairs, notes } = settle({
      pairs: [
        pair('a', 'b', { margin: 1, support: ['x'] }),
        pair('a', 'c'),
        pair('a', 'b', { margin: 2, support: ['x', 'y'], against: ['z'] }),
        pair('a', 'b'),
      ],
    });
    expect(pairs).toEqual([pair('a', 'b', { margin: 2, support: ['x', 'y'], against: ['z'] }), pair('a', 'c')]);
    expect(notes).toEqual(['pairs that are listed more than once count once: "a" before "b"']);
  });

  it('a pair against the tiers is kept, with a note', () => {
    const responses = [
      { id: 'a', text: 'x', tier: 1 },
      { id: 'b', text: 'y', tier: 0 },
      { id: 'c', text: 'z' },
    ];
    const { pairs, notes } = settle({ responses, pairs: [pair('a', 'b'), pair('a', 'c')] });
    expect(pairs).toHaveLength(2);
    expect(notes).toEqual(['a pair says that "a" is better than "b", but the tiers say the opposite']);
  });

  it('a response without visible text gets a note', () => {
    expect(
      settle({
        responses: [
          { id: 'a', text: '\u200b' },
          { id: 'b', text: 'y' },
        ],
      }).notes,
    ).toEqual(['response "a" is empty']);
  });

  const same = (tiers: readonly (number | undefined)[]) =>
    ['same', 'other', ' same\n', 'e\u0301', '\u00e9'].map((text, i) => {
      const tier = tiers[i];
      return { id: 'abcde'[i]!, text, ...(tier === undefined ? {} : { tier }) };
    });

  it('equal texts stand in no pair with each other', () => {
    const { pairs, notes } = settle({
      responses: same([]),
      pairs: [pair('a', 'c'), pair('a', 'b'), pair('d', 'e'), pair('c', 'b')],
    });
    expect(pairs).toEqual([pair('a', 'b'), pair('c', 'b')]);
    expect(notes).toEqual([
      'the pair of "a" and "c" is left out: they have the same text',
      'the pair of "d" and "e" is left out: they have the same text',
    ]);
  });

  it('what is said of equal texts in both directions is left out', () => {
    const { pairs, notes } = settle({ responses: same([]), pairs: [pair('a', 'b'), pair('b', 'c'), pair('d', 'b')] });
    expect(pairs).toEqual([pair('d', 'b')]);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/"a" and "b" is left out: other pairs say the opposite about the same texts/);
  });

  it('and in different tiers they count as in the lower one, so that none is a target that is worse elsewhere', () => {
    const { responses, notes } = settle({ responses: same([0, 1, 2, undefined, 1]) });
    expect(responses.map(({ tier }) => tier)).toEqual([2, 1, 2, undefined, 1]);
    expect(notes).toEqual(['"c" and "a" have the same text, but are in different tiers: the lower one counts']);
  });
});
