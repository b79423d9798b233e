import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLine, foldParts, foldText } from './fold';
import { splitThinking } from './thinking';

describe('foldText', () => {
  it('leaves short texts whole', () => {
    expect(foldText('Two lines.\nNo more.')).toEqual({ long: false, preview: 'Two lines.\nNo more.' });
    expect(foldText('word '.repeat(80)).long).toBe(false);
  });

  it('counts lines as well as letters', () => {
    expect(foldText('a\n'.repeat(9)).long).toBe(true);
    expect(foldText('word '.repeat(120)).long).toBe(true);
  });

  it('counts Chinese characters twice', () => {
    expect(foldText('字'.repeat(220)).long).toBe(false);
    expect(foldText('字'.repeat(260)).long).toBe(true);
    expect(foldText('a'.repeat(260)).long).toBe(false);
  });

  it('previews a bounded beginning that ends at a word', () => {
    const { preview } = foldText('lorem ipsum '.repeat(3000));
    expect(preview.length).toBeLessThan(2000);
    expect(preview).toMatch(/(lorem|ipsum)$/);
    expect(foldText('字'.repeat(100_000)).preview.length).toBeLessThan(1000);
  });

  it('is the beginning of the text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.integer({ min: 1, max: 5 }), (text, times) => {
        const whole = Array.from({ length: times }, () => text).join('\n');
        expect(whole.startsWith(foldText(whole).preview)).toBe(true);
      }),
    );
  });
});

describe('foldParts', () => {
  const fold = (text: string) => foldParts(splitThinking(text, []));

  it('counts what is answered, and no thinking', () => {
    const thinking = `<think>${'word '.repeat(3000)}</think>`;
    expect(fold(`${thinking}Four.`).long).toBe(false);
    expect(fold(thinking).long).toBe(false);
    expect(fold(`${thinking}${'word '.repeat(120)}`).long).toBe(true);
  });

  it('previews the beginning of the answer, saying where it stands', () => {
    const text = `One.<think>So.</think>${'lorem '.repeat(3000)}<think>And so on.</think>End.`;
    const { preview } = fold(text);
    expect(preview.map(({ kind }) => kind)).toEqual(['answer', 'thinking', 'answer']);
    for (const part of preview) expect(text.slice(part.start, part.end)).toBe(part.text);
    expect(preview[2]!.text.length).toBeLessThan(2000);
  });
});

describe('firstLine', () => {
  it('is what an answer begins with, without its thinking and its signs', () => {
    expect(firstLine('\n\n## **Four**\n\nBecause.', [])).toBe('Four**');
    expect(firstLine('<think>Two and two.</think>\n- Four', [])).toBe('Four');
    expect(firstLine('<plan>Two and two.</plan>Four', ['plan'])).toBe('Four');
  });

  it('is thinking where there is nothing else', () => {
    expect(firstLine('<think>Two and two.', [])).toBe('Two and two.');
    expect(firstLine('<think></think>', [])).toBe('');
  });
});
