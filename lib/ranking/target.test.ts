import { describe, expect, it } from 'vitest';
import { annotatedTarget, heuristicTarget, judgedAllBad } from './target';

const bad = (...flags: boolean[]) => judgedAllBad(flags.map((allBad) => ({ allBad })));

describe('the supervised target', () => {
  it('is the best tier, human first, then as imported', () => {
    const candidates = [
      { id: 'a', source: 'm', tier: 1 },
      { id: 'b', source: 'm', tier: 1 },
      { id: 'c', source: 'human', tier: 2 },
      { id: 'd', source: 'human' },
    ];
    expect(annotatedTarget(candidates, false)).toBe('a');
    expect(annotatedTarget([...candidates, { id: 'e', source: 'human', tier: 1 }], false)).toBe('e');
  });

  it('does not exist when all are bad or nothing was placed', () => {
    expect(annotatedTarget([{ id: 'a', source: 'human', tier: 0 }], true)).toBeNull();
    expect(annotatedTarget([{ id: 'a', source: 'human' }], false)).toBeNull();
  });

  it('of an unannotated prompt is human unless known to be wrong, else right by label, never a guess', () => {
    const human = { id: 'h', source: 'human', label: 'x' };
    const right = { id: 'r', source: 'm', label: 'x' };
    const unknown = { id: 'u', source: 'm' };
    expect(heuristicTarget([unknown, right, human], 'x')).toBe('h');
    expect(heuristicTarget([unknown, right, { ...human, label: 'y' }], 'x')).toBe('r');
    expect(heuristicTarget([unknown, { ...right, label: 'y' }], 'x')).toBeNull();
    expect(heuristicTarget([unknown, human])).toBe('h');
    expect(heuristicTarget([unknown, right])).toBeNull();
  });

  it('is withheld in doubt: half of the annotators suffice', () => {
    expect([bad(), bad(false), bad(true), bad(true, false), bad(true, false, false)]).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
