import { describe, expect, it } from 'vitest';
import { wholeCharacters, writtenOffset } from './passages';

describe('a selected passage', () => {
  it('loses white space at its ends and gains the other half of a character', () => {
    const text = 'ab 👍 cd';
    const cut = (start: number, end: number) => {
      const span = wholeCharacters(text, { start, end });
      return text.slice(span.start, span.end);
    };
    expect(cut(2, 6)).toBe('👍');
    expect(cut(0, 4)).toBe('ab 👍');
    expect(cut(4, 8)).toBe('👍 cd');
    expect(cut(2, 3)).toBe('');
  });

  it('is found in a text field, which knows no CR LF', () => {
    const text = 'a\r\nb\nc\r\nd';
    const value = text.replaceAll('\r\n', '\n');
    for (const sign of 'abcd') expect(writtenOffset(text, value.indexOf(sign))).toBe(text.indexOf(sign));
  });
});
