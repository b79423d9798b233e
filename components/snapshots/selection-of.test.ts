import { expect, it } from 'vitest';
import { nothingTyped, selectionOf } from './selection-of';

it('is no selection where nothing is chosen, whatever the seed', () => {
  expect(selectionOf(nothingTyped)).toBeUndefined();
  expect(selectionOf({ ...nothingTyped, seed: '7', source: ' ', validation: '0' })).toBeUndefined();
});

it('takes texts, numbers, days and the split as they are typed', () => {
  expect(
    selectionOf({
      ...nothingTyped,
      source: ' human ',
      leastPriority: '-2',
      pairsPerPrompt: '3',
      importedFrom: '2026-01-01',
      withoutFlagged: true,
      test: '10',
      seed: '4',
    }),
  ).toEqual({
    seed: 4,
    source: 'human',
    leastPriority: -2,
    pairsPerPrompt: 3,
    importedFrom: '2026-01-01',
    withoutFlagged: true,
    split: { validation: 0, test: 10 },
  });
});
