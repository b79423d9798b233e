import { describe, expect, it } from 'vitest';
import { isNewIntention, saveObstacle } from './submission';

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

  it('saves "all are bad" at once, whatever else is placed', () => {
    expect(saveObstacle(4, 4, true, false)).toBeNull();
    expect(saveObstacle(2, 4, true, false)).toBeNull();
  });

  it('saves at once when everything is placed', () => {
    expect(saveObstacle(0, 4, false, false)).toBeNull();
  });
});

describe('isNewIntention', () => {
  const asked = { clicks: 1, at: 10_000 };

  it('is not the second click of a double click, however slow the system allows it to be', () => {
    expect(isNewIntention({ clicks: 2, at: 10_080 }, asked)).toBe(false);
    expect(isNewIntention({ clicks: 2, at: 10_900 }, asked)).toBe(false);
    expect(isNewIntention({ clicks: 3, at: 10_200 }, asked)).toBe(false);
  });

  it('is not a double tap, which counts no clicks, nor a key that is held', () => {
    expect(isNewIntention({ clicks: 1, at: 10_150 }, asked)).toBe(false);
    let last = { clicks: 0, at: 0 };
    for (let at = 500; at < 5000; at += 33) {
      const press = { clicks: 0, at };
      expect(isNewIntention(press, last)).toBe(false);
      last = press;
    }
  });

  it('is a press of its own, a moment later, and the first one', () => {
    expect(isNewIntention({ clicks: 1, at: 10_700 }, asked)).toBe(true);
    expect(isNewIntention({ clicks: 0, at: 11_000 }, asked)).toBe(true);
    expect(isNewIntention({ clicks: 2, at: 0 }, null)).toBe(true);
  });
});
