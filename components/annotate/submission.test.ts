import { describe, expect, it } from 'vitest';
import { newIdempotencyKey, saveObstacle } from './submission';

describe('saveObstacle', () => {
  it('never saves when nothing is judged, however often it is asked', () => {
    expect(saveObstacle(4, 4, false, false)).toBe('nothing');
    expect(saveObstacle(4, 4, false, true)).toBe('nothing');
  });

  it('asks once about untouched responses', () => {
    expect(saveObstacle(1, 4, false, false)).toBe('untouched');
    expect(saveObstacle(2, 4, false, false)).toBe('untouched');
    expect(saveObstacle(2, 4, false, true)).toBeNull();
  });

  it('takes "all are bad" as a judgement, and still asks about the untouched ones', () => {
    expect(saveObstacle(4, 4, true, false)).toBe('untouched');
    expect(saveObstacle(4, 4, true, true)).toBeNull();
  });

  it('saves at once when everything is placed', () => {
    expect(saveObstacle(0, 4, false, false)).toBeNull();
  });
});

describe('newIdempotencyKey', () => {
  it('is 32 hex digits and never the same', () => {
    const keys = Array.from({ length: 100 }, newIdempotencyKey);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(100);
  });
});
