import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { afterPlacing, announcePins, nextPair, pressCompare } from './comparison';

describe('the compare key', () => {
  it('pins one, compares it with the next, and closes', () => {
    expect(pressCompare([], 'a', 3)).toEqual(['a']);
    expect(pressCompare(['a'], 'b', 3)).toEqual(['a', 'b']);
    expect(pressCompare(['a', 'b'], 'b', 3)).toEqual([]);
  });

  it('pins as many as the width holds; one more takes the place of the last', () => {
    expect(pressCompare(['a', 'b'], 'c', 3)).toEqual(['a', 'b', 'c']);
    expect(pressCompare(['a', 'b', 'c'], 'd', 3)).toEqual(['a', 'b', 'd']);
    expect(pressCompare(['a', 'b', 'c'], 'b', 3)).toEqual(['a', 'c']);
  });

  it('unpins the same response again', () => {
    expect(pressCompare(['a'], 'a', 2)).toEqual([]);
  });

  it('does nothing without a response', () => {
    expect(pressCompare([], null, 2)).toEqual([]);
    expect(pressCompare(['a'], null, 2)).toEqual(['a']);
  });
});

describe('the next pair', () => {
  it('goes through every pair once and starts over', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const seen: string[] = [];
    let pins: readonly string[] = ['a', 'b'];
    for (let n = 0; n < 6; n++) {
      seen.push(pins.join(''));
      pins = nextPair(pins, ids, null);
    }
    expect(seen).toEqual(['ab', 'ac', 'ad', 'bc', 'bd', 'cd']);
    expect(pins).toEqual(['a', 'b']);
  });

  it('begins with the active response, or with the one that waits', () => {
    expect(nextPair([], ['a', 'b', 'c'], 'b')).toEqual(['b', 'c']);
    expect(nextPair([], ['a', 'b', 'c'], 'c')).toEqual(['a', 'c']);
    expect(nextPair(['c'], ['a', 'b', 'c'], 'a')).toEqual(['a', 'c']);
  });

  it('knows no pair of one response', () => {
    expect(nextPair([], ['a'], 'a')).toEqual([]);
  });
});

describe('placing within a comparison', () => {
  it('continues with the next one that waits', () => {
    expect(afterPlacing(['a', 'b'], 'a', () => true)).toBe('b');
    expect(afterPlacing(['a', 'b'], 'b', () => true)).toBe('a');
    expect(afterPlacing(['a', 'b', 'c'], 'b', () => true)).toBe('c');
    expect(afterPlacing(['a', 'b', 'c'], 'b', (id) => id === 'a')).toBe('a');
    expect(afterPlacing(['a', 'b'], 'a', () => false)).toBe('a');
  });
});

it('speaks of names, not ids', () => {
  const t = translatorFor('annotate');
  const name = (id: string) => `Response ${id.toUpperCase()}`;
  const list = (names: string[]) => names.join(' and ');
  expect(announcePins(['a'], name, list, t)).toMatch(/^Response A is pinned/);
  expect(announcePins(['a', 'b'], name, list, t)).toBe('Comparing Response A and Response B.');
  expect(announcePins([], name, list, t)).toBe('Comparison closed.');
});
