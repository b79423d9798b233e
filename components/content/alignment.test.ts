import { describe, expect, it } from 'vitest';
import { alignParts, alignTexts } from './alignment';

/** What stands in the written text where `part` stands in the drawn one. */
function written(text: string, pieces: string[], part: string): string | null {
  const start = pieces.join('').indexOf(part);
  const span = alignTexts(text, pieces).toWritten({ start, end: start + part.length });
  return span && text.slice(span.start, span.end);
}

describe('alignTexts', () => {
  it('is the same offset where a text is drawn as it was written', () => {
    const text = 'Ein 👍 Text\r\nmit Zeilen';
    const { toWritten, toShown } = alignTexts(text, [text.slice(0, 6), text.slice(6)]);
    for (const span of [
      { start: 4, end: 6 },
      { start: 0, end: text.length },
      { start: 11, end: 13 },
    ]) {
      expect([toWritten(span), toShown(span)]).toEqual([span, span]);
    }
  });

  it('ends where a folded text ends', () => {
    const { toShown } = alignTexts('one two three', ['one two']);
    expect(toShown({ start: 4, end: 13 })).toEqual({ start: 4, end: 7 });
    expect(toShown({ start: 8, end: 13 })).toBeNull();
  });

  it('sees through Markdown', () => {
    const text = 'Take **both** roots:\n\n- one\n- [two](https://example.org/two) `x*y` &amp; more';
    const pieces = ['Take ', 'both', ' roots:', '\n', 'one', '\n', 'two', ' ', 'x*y', ' & more'];
    expect(written(text, pieces, 'both roots')).toBe('both** roots');
    expect(written(text, pieces, 'both')).toBe('both');
    expect(written(text, pieces, 'ot')).toBe('ot');
    expect(written(text, pieces, 'x*y')).toBe('x*y');
    expect(written(text, pieces, ' more')).toBe('more');
    const { toShown } = alignTexts(text, pieces);
    expect(toShown({ start: 0, end: text.length })).toEqual({ start: 0, end: pieces.join('').length });
    expect(toShown({ start: 5, end: 7 })).toBeNull();
  });

  it('sees words that are formatted in part, and scripts without spaces', () => {
    expect(written('**bo**ld 可以**两边**开平方', ['bo', 'ld 可以', '两边', '开平方'], '两边')).toBe('两边');
    expect(written('**bo**ld', ['bo', 'ld'], 'bold')).toBe('bo**ld');
  });
});

describe('alignParts', () => {
  const thinking = 'word '.repeat(3000);
  const text = `<think>${thinking}</think>**Four** it is.<think>And so on.</think>The end.`;
  const part = (words: string, ...pieces: string[]) => {
    const start = text.indexOf(words);
    return { start, end: start + words.length, pieces };
  };
  const parts = [part('**Four** it is.', 'Four', ' it is.'), part('The end.', 'The end.')];
  const shown = parts.flatMap(({ pieces }) => pieces).join('');
  const at = (whole: string, words: string) => ({
    start: whole.indexOf(words),
    end: whole.indexOf(words) + words.length,
  });

  it('sees what is drawn of a text whose long beginning is not', () => {
    const { toWritten, toShown } = alignParts(text, parts);
    for (const words of ['Four', 'it is', 'end']) {
      expect(toWritten(at(shown, words))).toEqual(at(text, words));
      expect(toShown(at(text, words))).toEqual(at(shown, words));
    }
  });

  it('holds what is not drawn where a passage covers it, and shows nothing of what is hidden', () => {
    const { toWritten, toShown } = alignParts(text, parts);
    const across = toWritten(at(shown, 'is.The'));
    expect(across && text.slice(across.start, across.end)).toBe('is.<think>And so on.</think>The');
    expect(toShown(at(text, 'And so'))).toBeNull();
    expect(toShown({ start: 0, end: 40 })).toBeNull();
  });
});
