import { describe, expect, it } from 'vitest';
import type { Project } from '@/lib/schemas/project';
import { hasConflict, renamedTiers } from './settings-changes';

const seen = { tiers: ['Good', 'Bad'], tierColors: [], goldEvery: 3, hideSelfNames: false } as unknown as Project;

describe('changedMeanwhile', () => {
  it('concerns only the settings that are to be changed', () => {
    const current = { ...seen, goldEvery: 5 };
    expect(hasConflict(seen, current, { goldEvery: 4 })).toBe(true);
    expect(hasConflict(seen, current, { tiers: ['Fine', 'Bad'] })).toBe(false);
    expect(hasConflict(seen, { ...seen, tiers: ['Fine', 'Bad'] }, { tiers: ['Well', 'Bad'] })).toBe(true);
    expect(hasConflict(seen, seen, { tiers: ['Fine', 'Bad'], renameJudgedTiers: true })).toBe(false);
  });
});

describe('renamedTiers', () => {
  it('returns each tier whose name would change', () => {
    expect(renamedTiers(['Good', 'Bad'], ['Good', 'Bad'])).toEqual([]);
    expect(renamedTiers(['Good', 'Fair', 'Bad'], ['Bad', 'Fair', 'Good'])).toEqual([
      { number: 1, from: 'Good', to: 'Bad' },
      { number: 3, from: 'Bad', to: 'Good' },
    ]);
  });
});
