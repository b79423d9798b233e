import { describe, expect, it } from 'vitest';
import { idempotencyKeys, newIdempotencyKey } from './idempotency-key';

describe('newIdempotencyKey', () => {
  it('is 32 hex digits and never the same', () => {
    const keys = Array.from({ length: 100 }, newIdempotencyKey);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(100);
  });
});

describe('intentions', () => {
  it('the same content gets the same key, also after success', () => {
    const { keyFor } = idempotencyKeys();
    const key = keyFor({ name: 'P' });
    expect(keyFor({ name: 'P' })).toBe(key);
    expect(keyFor({ name: 'Q' })).not.toBe(key);
    expect(idempotencyKeys().keyFor(undefined)).toBeTruthy();
  });

  it('closing a dialog discards the key', () => {
    const { keyFor, forget } = idempotencyKeys();
    const key = keyFor({ name: 'P' });
    forget();
    expect(keyFor({ name: 'P' })).not.toBe(key);
  });
});
