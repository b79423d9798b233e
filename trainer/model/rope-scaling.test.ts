import { describe, expect, it } from 'vitest';
import { scaleFrequency } from './rope-scaling';
import { ropeTables } from './rope-tables';

const llama3 = {
  type: 'llama3',
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalMaxPositions: 100,
} as const;
/** Radians a position of what turns so often within the original context. */
const turning = (times: number) => (2 * Math.PI * times) / 100;

describe('scaleFrequency', () => {
  it('llama3 keeps what turns often, stretches what turns rarely, blends between without a jump', () => {
    expect(scaleFrequency(turning(5), llama3)).toBe(turning(5));
    expect(scaleFrequency(turning(4), llama3)).toBeCloseTo(turning(4), 12);
    expect(scaleFrequency(turning(2.5), llama3)).toBeCloseTo(turning(2.5) * (0.5 + 0.5 / 8), 12);
    expect(scaleFrequency(turning(1), llama3)).toBeCloseTo(turning(1) / 8, 12);
    expect(scaleFrequency(turning(0.1), llama3)).toBe(turning(0.1) / 8);
  });

  it('linear divides all, and nothing asked for changes nothing', () => {
    expect(scaleFrequency(0.3, { type: 'linear', factor: 4 })).toBe(0.3 / 4);
    expect(scaleFrequency(0.3, undefined)).toBe(0.3);
  });
});

describe('ropeTables', () => {
  it('hold the scaled angles: position 8 of a rotation stretched 4 times is position 2', () => {
    const shape = { headDim: 6, ropeTheta: 100 };
    const plain = ropeTables(shape, 3);
    const stretched = ropeTables({ ...shape, ropeScaling: { type: 'linear', factor: 4 } }, 9);
    expect([...stretched.cosine.slice(24)]).toEqual([...plain.cosine.slice(6)]);
    expect([...stretched.sine.slice(24)]).toEqual([...plain.sine.slice(6)]);
  });
});
