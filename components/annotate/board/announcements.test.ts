import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { announceChange, announceFlag, announceOpening, placeName, responseLetter } from './announcements';
import { type BoardAction, createBoard, reduceBoard } from './board-state';

const t = translatorFor('annotate');
const tiers = ['Excellent', 'Good', 'Bad'];
const say = (...actions: BoardAction[]) => {
  let before = createBoard(['id-1', 'id-2'], 3);
  let after = before;
  for (const action of actions) {
    before = after;
    after = reduceBoard(before, action);
  }
  return announceChange(before, after, tiers, t);
};

describe('announcements speak words, not ids', () => {
  it('says where a response went and what is left', () => {
    expect(say({ type: 'place', id: 'id-1', place: 0 })).toBe('Response A: Excellent. 1 left to place.');
    expect(say({ type: 'place', id: 'id-1', place: 0 }, { type: 'place', id: 'id-2', place: 'cannot_judge' })).toBe(
      'Response B: Can’t judge. All are placed.',
    );
  });

  it('says what undo took back', () => {
    expect(say({ type: 'place', id: 'id-2', place: 2 }, { type: 'undo' })).toBe(
      'Response B: not placed. 2 left to place.',
    );
  });

  it('says when all are bad', () => {
    expect(say({ type: 'toggle-all-bad' })).toBe('All are bad: on.');
    expect(say({ type: 'toggle-all-bad' }, { type: 'toggle-all-bad' })).toBe('All are bad: off.');
  });

  it('says nothing when nothing changed', () => {
    expect(say({ type: 'step', by: 1 })).toBe('');
  });
});

describe('what happens to the prompt is said, too', () => {
  it('says which prompt one went back to, and leaves the next one to its heading', () => {
    const task = { externalId: 'q-7' };
    expect(announceOpening({ returned: true, task }, t)).toBe('Back at the previous prompt, q-7.');
    expect(announceOpening({ returned: false, task }, t)).toBe('');
  });

  it('says whether the prompt is flagged now', () => {
    expect(announceFlag(true, t)).toBe('This prompt is flagged.');
    expect(announceFlag(false, t)).toBe('This prompt is no longer flagged.');
  });
});

describe('names', () => {
  it('letters go on after Z', () => {
    expect([0, 1, 25, 26, 27].map(responseLetter)).toEqual(['A', 'B', 'Z', 'AA', 'AB']);
  });

  it('a tier without a name still has one', () => {
    expect(placeName(5, tiers, t)).toBe('Tier 6');
  });
});
