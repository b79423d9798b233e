import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { seededRandom } from '@/trainer/data/seeded-random';
import { dawidSkene, type TierJudgement } from './dawid-skene';

interface Case {
  tiers: number;
  labels: [item: string, annotator: string, tier: number][];
  probabilities: Record<string, number[]>;
}
const judgementsOf = ({ labels }: Case): TierJudgement[] =>
  labels.map(([item, annotator, tier]) => ({ item, annotator, tier }));
const cases = readCases<Case>('dawid-skene.jsonl');

describe("Dawid and Skene's model", () => {
  it('has the probabilities of an independent program after twenty rounds', () => {
    expect(cases.length).toBe(3);
    for (const one of cases) {
      const { items } = dawidSkene(judgementsOf(one), one.tiers, { rounds: 20, tolerance: -1 });
      expect(items.size).toBe(Object.keys(one.probabilities).length);
      for (const [item, expected] of Object.entries(one.probabilities)) {
        items.get(item)!.forEach((probability, tier) => void expect(probability).toBeCloseTo(expected[tier]!, 7));
      }
    }
  });

  it('never gets less likely', () => {
    const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    for (let study = 0; study < 60; study++) {
      const judgements = Array.from({ length: 5 + Math.floor(random() * 80) }, (_, i) => ({
        item: `i${Math.floor(random() * 20)}-${i % 3}`,
        annotator: `a${Math.floor(random() * 4)}`,
        tier: Math.floor(random() * 3),
      }));
      const { logLikelihoods } = dawidSkene(judgements, 3);
      for (const [round, now] of logLikelihoods.entries()) {
        expect(now, `FC_SEED=${seed}, study ${study}`).toBeGreaterThanOrEqual(
          (logLikelihoods[round - 1] ?? -Infinity) - 1e-9,
        );
        expect(now).toBeLessThanOrEqual(1e-9);
      }
    }
  });

  it('tells the reliable from those who guess, and finds more true tiers than a vote', () => {
    const random = seededRandom(11);
    const skill = { ann: 0.95, ben: 0.6, cyd: 0.34, dan: 0.34 };
    const truth = Array.from({ length: 400 }, () => Math.floor(random() * 3));
    const judgements = truth.flatMap((right, i) =>
      Object.entries(skill).map(([annotator, share]) => ({
        item: `${i}`,
        annotator,
        tier: random() < share ? right : Math.floor(random() * 3),
      })),
    );
    const { items, annotators, tierShares } = dawidSkene(judgements, 3);
    const reliability = (name: string) => annotators.get(name)!.reliability;
    // Whoever guesses when not right is right by chance, too.
    for (const [name, share] of Object.entries(skill)) {
      expect(Math.abs(reliability(name) - (share + (1 - share) / 3))).toBeLessThan(0.12);
      expect(annotators.get(name)!.judgements).toBe(400);
      for (const row of annotators.get(name)!.confusion) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }
    expect(tierShares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    const found = (guess: (item: string) => number) => truth.filter((right, i) => guess(`${i}`) === right).length;
    const likeliest = (shares: readonly number[]) => shares.indexOf(Math.max(...shares));
    const voted = (item: string) =>
      likeliest([0, 1, 2].map((tier) => judgements.filter((one) => one.item === item && one.tier === tier).length));
    expect(found((item) => likeliest(items.get(item)!))).toBeGreaterThan(found(voted) + 20);
  });

  it('of nothing is nothing', () => {
    expect(dawidSkene([], 3).items.size).toBe(0);
  });
});
