import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { sha256Hex } from './sha256';

afterEach(() => vi.unstubAllGlobals());

it.each(['with WebCrypto', 'without'])('%s it equals OpenSSL on any bytes', async (way) => {
  if (way === 'without') vi.stubGlobal('crypto', {});
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      expect(await sha256Hex(new Uint8Array(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
  );
});
