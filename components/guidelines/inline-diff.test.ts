import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords } from '@/components/content/word-diff';
import { guidelinesAsText, inlineDiff } from './inline-diff';

const shown = (left: string, right: string) =>
  inlineDiff(diffWords(left, right))
    .map(({ text, kind }) => ({ same: text, added: `+${text.trim()}+ `, removed: `-${text.trim()}- ` })[kind])
    .join('');

describe('inlineDiff', () => {
  it('marks removed and added text at its position', () => {
    expect(shown('Judge the facts first.', 'Judge the facts last.')).toBe('Judge the facts -first- +last+ .');
    expect(shown('One two three four.', 'One two three four. And five.')).toBe('One two three four. +And five.+ ');
    expect(shown('Old one two three.', 'one two three.')).toBe('-Old- one two three.');
  });

  it('keeps the space before removed text', () => {
    expect(inlineDiff(diffWords('Be fair to all of them', 'Be fair to all'))).toEqual([
      { text: 'Be fair to all', kind: 'same' },
      { text: ' of them', kind: 'removed' },
    ]);
  });

  it('loses nothing of either text', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd.', '\n\n', '文'), { maxLength: 40 })
      .map((w) => w.join(' '));
    fc.assert(
      fc.property(text, text, (left, right) => {
        const diff = diffWords(left, right);
        const parts = inlineDiff(diff);
        const side = (without: string) => parts.filter(({ kind }) => kind !== without).map((part) => part.text);
        expect(side('removed').join('')).toBe(right);
        // White space may differ between the sides of a stretch that both share.
        expect(side('added').join('').replace(/\s/g, '')).toBe(left.replace(/\s/g, ''));
      }),
    );
  });
});

it('a version is one text, with its examples under their tiers', () => {
  expect(guidelinesAsText({ body: 'Be fair.', examples: ['Yes', ''] }, ['Good', 'Bad'])).toBe(
    'Be fair.\n\nGood\n\nYes',
  );
  expect(guidelinesAsText({ body: 'Be fair.', examples: ['', '', 'No'] }, ['Good', 'Bad'])).toBe(
    'Be fair.\n\nTier 3\n\nNo',
  );
});
