import { describe, expect, it } from 'vitest';
import { projectSteps } from './next-steps';
import { draftTiers, toStoredTiers } from './tier-fields';

const counts = { prompts: 0, responses: 0, annotations: 0, snapshots: 0, runs: 0 } as Parameters<
  typeof projectSteps
>[0];
const nextOf = (more: Partial<typeof counts>) => projectSteps({ ...counts, ...more }).find(({ done }) => !done)?.name;

describe('projectSteps', () => {
  it('returns the first step that has not been done; re-ranking is never done', () => {
    expect(nextOf({})).toBe('import');
    expect(nextOf({ prompts: 3 })).toBe('annotate');
    expect(nextOf({ prompts: 3, annotations: 1 })).toBe('snapshot');
    expect(nextOf({ prompts: 3, annotations: 1, snapshots: 1 })).toBe('train');
    expect(nextOf({ prompts: 3, annotations: 1, snapshots: 1, runs: 9 })).toBe('rerank');
  });

  it('does not infer an earlier step from a later one: snapshots of heuristics need no annotation', () => {
    expect(nextOf({ prompts: 3, snapshots: 1, runs: 1 })).toBe('annotate');
  });
});

describe('tiers while they are edited', () => {
  it('are stored without white space around them, and without colours where nobody chose one', () => {
    expect(toStoredTiers(draftTiers([' Good ', 'Bad']))).toEqual({ tiers: ['Good', 'Bad'], tierColors: [] });
    expect(toStoredTiers(draftTiers(['Good', 'Bad'], ['ramp', 'red']))).toEqual({
      tiers: ['Good', 'Bad'],
      tierColors: ['ramp', 'red'],
    });
  });

  it('keep their keys, so that a name that is typed does not move', () => {
    expect(draftTiers(['a', 'b', 'c']).map(({ key }) => key)).toEqual([0, 1, 2]);
  });
});
