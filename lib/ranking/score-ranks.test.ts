import { expect, it } from 'vitest';
import { scoreRanks } from './score-ranks';

it('ranks by score, ties share the best rank, what has no score has none', () => {
  expect(scoreRanks([-1, -3, null, -1, -2])).toEqual([1, 4, null, 1, 3]);
  expect(scoreRanks([])).toEqual([]);
});
