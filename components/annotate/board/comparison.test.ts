import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { afterPlacing, announcePins, pressCompare } from './comparison';

describe('the compare key', () => {
  it('pins one, compares it with the next, and closes', () => {
    expect(pressCompare([], 'a')).toEqual(['a']);
    expect(pressCompare(['a'], 'b')).toEqual(['a', 'b']);
    expect(pressCompare(['a', 'b'], 'b')).toEqual([]);
  });

  it('takes the pin off the same response again', () => {
    expect(pressCompare(['a'], 'a')).toEqual([]);
  });

  it('does nothing without a response', () => {
    expect(pressCompare([], null)).toEqual([]);
    expect(pressCompare(['a'], null)).toEqual(['a']);
  });
});

describe('placing within a comparison', () => {
  it('goes on to the other one while it waits', () => {
    expect(afterPlacing(['a', 'b'], 'a', () => true)).toBe('b');
    expect(afterPlacing(['a', 'b'], 'b', () => true)).toBe('a');
    expect(afterPlacing(['a', 'b'], 'a', () => false)).toBe('a');
  });
});

it('speaks of names, not ids', () => {
  const t = translatorFor('annotate');
  const name = (id: string) => `Response ${id.toUpperCase()}`;
  expect(announcePins(['a'], name, t)).toMatch(/^Response A is pinned/);
  expect(announcePins(['a', 'b'], name, t)).toBe('Comparing Response A with Response B.');
  expect(announcePins([], name, t)).toBe('Comparison closed.');
});
