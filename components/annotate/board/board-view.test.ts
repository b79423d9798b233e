import { describe, expect, it } from 'vitest';
import { pageOf, paneCount, pinLimit, suggestedView } from './board-view';

const line = 'A sentence of about sixty characters, as they stand in a line. ';

describe('the view by length', () => {
  it('is the board for short responses', () => {
    expect(suggestedView(['Five.', 'It is five.', 'Six.'])).toBe('board');
    expect(suggestedView([])).toBe('board');
    expect(suggestedView(Array.from({ length: 12 }, () => line.repeat(5)))).toBe('board');
  });

  it('is focus as soon as one response would not be whole on its card', () => {
    expect(suggestedView(['Five.', line.repeat(40)])).toBe('focus');
    expect(suggestedView(['Five.', 'if\n'.repeat(30)])).toBe('focus');
  });

  it('is focus where all of them together are long', () => {
    expect(suggestedView(Array.from({ length: 40 }, () => line.repeat(5)))).toBe('focus');
  });
});

describe('what is read side by side', () => {
  it('depends on the width, and is never more than there is', () => {
    expect(paneCount(358, 5)).toBe(1);
    expect(paneCount(976, 5)).toBe(2);
    expect(paneCount(2400, 5)).toBe(2);
    expect(paneCount(2400, 1)).toBe(1);
    expect(paneCount(0, 0)).toBe(1);
  });

  it('a comparison holds two anywhere and more where there is room', () => {
    expect(pinLimit(358)).toBe(2);
    expect(pinLimit(980)).toBe(3);
    expect(pinLimit(1900)).toBe(5);
  });

  it('turns pages that stay where they are, the last one full', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => pageOf(ids, id, 2).join(''))).toEqual(['ab', 'ab', 'cd', 'cd', 'de']);
    expect(pageOf(ids, null, 2)).toEqual(['a', 'b']);
    expect(pageOf(ids, 'd', 1)).toEqual(['d']);
    expect(pageOf(['a'], 'a', 2)).toEqual(['a']);
  });
});
