import { describe, expect, it } from 'vitest';
import { seededRandom } from '../data/seeded-random';
import { checkSampling, type Sampling, sampleToken } from './sample-token';

/** Probabilities 0.5, 0.3, 0.15 and 0.05 of tokens 2, 0, 3 and 1. */
const logits = Float32Array.from([0.3, 0.05, 0.5, 0.15], Math.log);

function shares(sampling: Sampling, draws = 4000): number[] {
  const random = seededRandom(11);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) counts[sampleToken(logits, sampling, random)]!++;
  return counts.map((count) => count / draws);
}

describe('sampleToken', () => {
  it('takes the most probable at temperature 0, the lower id of equals, and no random number', () => {
    const none = () => expect.fail('drew');
    expect(sampleToken(logits, {}, none)).toBe(2);
    expect(sampleToken(Float32Array.of(1, 3, 3), { topP: 0.5 }, none)).toBe(1);
  });

  it('draws by probability at temperature 1, evener above it, keener below', () => {
    shares({ temperature: 1 }).forEach((share, id) => {
      expect(share).toBeCloseTo(Math.exp(logits[id]!), 1);
    });
    expect(shares({ temperature: 0.25 })[2]).toBeGreaterThan(0.85);
    expect(shares({ temperature: 50 }).every((share) => Math.abs(share - 0.25) < 0.04)).toBe(true);
  });

  it('topP keeps the fewest most probable tokens that have the mass, and their proportions', () => {
    const [a, b, c, d] = shares({ temperature: 1, topP: 0.75 });
    expect([b, d]).toEqual([0, 0]);
    expect(c! / a!).toBeCloseTo(0.5 / 0.3, 0);
    expect(shares({ temperature: 1, topP: 0.5 })).toEqual([0, 0, 1, 0]);
    expect(shares({ temperature: 1, topP: 1e-9 })).toEqual([0, 0, 1, 0]);
    expect(shares({ temperature: 1, topP: 0.96 }).every((share) => share > 0)).toBe(true);
  });

  it('never draws what has no probability', () => {
    const impossible = Float32Array.of(Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY);
    for (const value of [0, 0.5, 0.999999]) expect(sampleToken(impossible, { temperature: 1 }, () => value)).toBe(1);
  });

  it.each([
    [{ temperature: -1 }, /temperature must be 0 or more, not -1/],
    [{ temperature: Number.NaN }, /temperature/],
    [{ topP: 0 }, /topP must be above 0/],
    [{ topP: 1.1 }, /topP/],
  ])('refuses %j', (sampling, message) => {
    expect(() => checkSampling(sampling)).toThrow(message);
  });
});
