import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latest, sampleIndices, smooth, smoothingFor } from './series';

describe('smooth', () => {
  it('leaves a constant curve as it is, from the first value on', () => {
    for (const value of smooth([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
  });

  it('keeps gaps as gaps and does not let them move the average', () => {
    const [a, gap, b] = smooth([1, null, 2], 0.5);
    expect([a, gap]).toEqual([1, null]);
    expect(b).toBeCloseTo(smooth([1, 2], 0.5)[1]!, 12);
  });

  it('stays within the range of its input (property)', () => {
    const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 5000 }), (list, count) => {
        const last = smooth(list, smoothingFor(count)).at(-1)!;
        expect(last).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
        expect(last).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
      }),
    );
  });
});

describe('latest', () => {
  it('skips what was not measured', () => {
    expect(latest([null, 2, null])).toBe(2);
    expect(latest([0, null])).toBe(0);
    expect(latest([null])).toBeNull();
    expect(latest([])).toBeNull();
  });
});

describe('thinned', () => {
  it('keeps all points if they fit, else the ends and the required points', () => {
    expect(sampleIndices(4, 10)).toEqual([0, 1, 2, 3]);
    const rows = sampleIndices(1000, 20, [7, 333]);
    expect(rows.length).toBeLessThanOrEqual(20);
    for (const row of [0, 7, 333, 999]) expect(rows).toContain(row);
    expect(sampleIndices(0, 10)).toEqual([]);
  });
});
