import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PromptResponse } from '@/trainer/contract/record';
import { check } from './arbitraries.test-support';
import { heuristicPairs, heuristics } from './heuristics';
import { isAcyclic, relationOf } from './partial-order';
import { cosineSimilarity, trigramCounts } from './trigrams';

const similarity = (a: string, b: string) => cosineSimilarity(trigramCounts(a), trigramCounts(b));

const responses: PromptResponse[] = [
  { id: 'm1', text: 'The harbour is busy, so boats are near.', source: 'model-small', label: 'neutral' },
  { id: 'h', text: 'A busy harbour has boats in it.', source: 'human', label: 'entailment' },
  { id: 'm2', text: 'A busy harbour has many boats.', source: 'model-large', label: 'entailment' },
  { id: 'm3', text: 'Unrelated words entirely.', source: 'model-small' },
];
const words = (...args: Parameters<typeof heuristicPairs>) =>
  heuristicPairs(...args)
    .map(({ chosen, rejected, margin }) => `${chosen}>${rejected}:${margin}`)
    .sort();

describe('heuristic orders', () => {
  it('human: the human response over all others', () => {
    expect(words('human', responses, 'entailment')).toEqual(['h>m1:1', 'h>m2:1', 'h>m3:1']);
  });

  it('label: right over wrong, unlabelled stays out', () => {
    expect(words('label', responses, 'entailment')).toEqual(['h>m1:1', 'm2>m1:1']);
    expect(words('label', responses)).toEqual([]);
  });

  it('hybrid: human over right over wrong, unlabelled only below the human', () => {
    expect(words('hybrid', responses, 'entailment')).toEqual(['h>m1:2', 'h>m2:1', 'h>m3:1', 'm2>m1:1']);
  });

  it('full: by similarity to the human response', () => {
    expect(words('full', responses)).toEqual(['h>m1:2', 'h>m2:1', 'h>m3:3', 'm1>m3:1', 'm2>m1:1', 'm2>m3:2']);
    const noHuman = responses.filter(({ source }) => source !== 'human');
    expect(words('full', noHuman)).toEqual([]);
  });

  it('full: equal texts tie, and several human responses tie at the top', () => {
    const twins = [
      responses[1]!,
      { ...responses[1]!, id: 'h2', text: 'Boats.' },
      responses[2]!,
      { ...responses[2]!, id: 't' },
    ];
    expect(words('full', twins)).toEqual(['h2>m2:1', 'h2>t:1', 'h>m2:1', 'h>t:1']);
  });

  it('are acyclic for any responses', () => {
    const response = fc.record({
      text: fc.string(),
      source: fc.constantFrom('human', 'a', 'b'),
      label: fc.constantFrom('x', 'y', undefined),
    });
    check(
      fc.property(
        fc.array(response, { minLength: 2, maxLength: 8 }),
        fc.constantFrom(...heuristics),
        fc.constantFrom('x', undefined),
        (some, heuristic, reference) => {
          const pairs = heuristicPairs(
            heuristic,
            some.map((one, i) => ({ id: `${i}`, ...one })),
            reference,
          );
          const edges = pairs.map(({ chosen, rejected }) => ({ better: Number(chosen), worse: Number(rejected) }));
          expect(isAcyclic(relationOf(some.length, edges))).toBe(true);
          expect(new Set(edges.map(({ better, worse }) => `${better}>${worse}`)).size).toBe(pairs.length);
          for (const { margin } of pairs) expect(margin).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});

describe('similarity', () => {
  it('is 1 for the same words, 0 for nothing in common, symmetric and within bounds', () => {
    expect(similarity('Two boats!', 'two  boats')).toBe(1);
    expect(similarity('abc', 'xyz')).toBe(0);
    expect(similarity('', 'anything')).toBe(0);
    check(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(similarity(a, b)).toBe(similarity(b, a));
        expect(similarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(similarity(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
