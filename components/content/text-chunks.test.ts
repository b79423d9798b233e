import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkClass, partChunks, textChunks } from './text-chunks';

describe('textChunks', () => {
  it('leaves ordinary texts whole', () => {
    expect(textChunks('word '.repeat(1000))).toHaveLength(1);
    expect(textChunks('')).toEqual(['']);
  });

  it('ends a piece at a line, else at a space, else anywhere', () => {
    const lines = textChunks(`${'word '.repeat(20)}\n`.repeat(200));
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.every((chunk) => chunk.endsWith('\n'))).toBe(true);
    expect(
      textChunks('word '.repeat(5000))
        .slice(0, -1)
        .every((chunk) => chunk.endsWith(' ')),
    ).toBe(true);
    expect(textChunks('x'.repeat(150_000)).length).toBeGreaterThan(30);
  });

  it('makes smaller pieces of one word that takes long to lay out', () => {
    for (const unit of ['aמ1', 'مرحبا', 'สวัสดี']) {
      expect(Math.max(...textChunks(unit.repeat(10_000)).map(({ length }) => length))).toBeLessThanOrEqual(2250);
    }
    expect(textChunks('مرحبا بك '.repeat(600))).toHaveLength(1);
  });

  it.each(['😀', 'e\u0301', '👩‍👩‍👧'])('does not cut %s', (character) => {
    for (const chunk of textChunks(`x${character.repeat(4000)}`)) {
      expect([character, 'x'].some((start) => chunk.startsWith(start))).toBe(true);
    }
  });

  it('loses nothing, and no piece is long', () => {
    const part = fc.tuple(fc.constantFrom('a', ' ', '\n', '😀', 'e\u0301', 'word ', '\u200d'), fc.nat(9000));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.map(([unit, times]) => unit.repeat(times)).join('');
        const chunks = textChunks(text);
        expect(chunks.join('')).toBe(text);
        expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(6000);
      }),
    );
  });
});

describe('partChunks', () => {
  it('cuts a text in parts where it is cut as a whole, and keeps what each part is', () => {
    const part = fc.record({
      text: fc.constantFrom('a', 'b '.repeat(3000), 'c\n', 'd'.repeat(5000)),
      changed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const chunks = partChunks(parts);
        const whole = parts.map(({ text }) => text).join('');
        expect(chunks.map((chunk) => chunk.map(({ text }) => text).join(''))).toEqual(textChunks(whole));
        const changed = (all: typeof parts) =>
          all
            .filter((each) => each.changed)
            .map(({ text }) => text)
            .join('');
        expect(changed(chunks.flat())).toBe(changed(parts));
      }),
    );
  });
});

describe('the class of a piece', () => {
  it('names what is laid out by itself, and what is not kerned', () => {
    expect(chunkClass('a few words', 1)).toBeUndefined();
    expect(chunkClass('a few words', 2)).toBe('text-part');
    expect(chunkClass(`one ${'a'.repeat(301)} word`, 2)).toBe('text-part long-word');
  });
});
