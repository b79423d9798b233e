import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex, sha256HexPlain } from './sha256';

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('sha256', () => {
  it('both ways equal OpenSSL on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(sha256HexPlain(bytes)).toBe(expected(bytes));
        expect(await sha256Hex(new Uint8Array(bytes))).toBe(expected(bytes));
      }),
    );
  });

  it('holds at every padding boundary and past a block', () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 100_000]) {
      const bytes = new Uint8Array(length).map((_, i) => (i * 31 + length) & 255);
      expect(sha256HexPlain(bytes), `length ${length}`).toBe(expected(bytes));
    }
  });
});
