import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cursorOf, momentCursor } from './cursor';

describe('a cursor', () => {
  const { after, next } = cursorOf(z.strictObject({ key: z.string(), position: z.int() }));

  it('leads back to the place that it was made of, and is safe in an address', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
    fc.assert(
      fc.property(ascii, fc.integer(), (key, position) => {
        const text = next({ key, position });
        expect(encodeURIComponent(text)).toBe(text);
        expect(after.parse(text)).toEqual({ key, position });
      }),
    );
  });

  it('may be missing, where the list begins', () => {
    expect(after.parse(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    '%',
    '{}',
    '-1',
    'e30',
    'bnVsbA',
    'null',
    momentCursor.next({ micros: '1', id: crypto.randomUUID() }),
  ])('%s is none of this list', (text) => {
    expect(after.safeParse(text).success).toBe(false);
  });
});
