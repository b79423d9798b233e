import { describe, expect, it } from 'vitest';
import { defaultConsensusRule } from '../../lib/ranking/consensus';
import { judgedBy } from '../../lib/ranking/posterior/people.test-support';
import { closeWhenCertain, orders, ReplayedPrompt, spend } from './replay-study';

const people = [0.95, 0.9, 0.8, 0.7].map((reliability, i) => ({ name: `person ${i}`, reliability }));
const studied = judgedBy(people, { seed: 2, prompts: 40, responses: 4, tiers: 3, overlap: 4 });
const options = { tierCount: 3, rule: defaultConsensusRule, seed: 1, atLeast: 1, samplePercent: 10 };
const replayed = (study: typeof studied) =>
  study.map(({ ids, judgements }) => new ReplayedPrompt(ids, judgements, defaultConsensusRule));

describe('asking for judgements one after the other', () => {
  it.each(orders)('spends each judgement once, and more at every moment: %s', (order) => {
    const moments = spend(replayed(studied), order, options);
    expect([...moments.at(-1)!]).toEqual(studied.map(() => 4));
    for (const [i, now] of moments.slice(1).entries())
      now.forEach((k, prompt) => void expect(k).toBeGreaterThanOrEqual(moments[i]![prompt]!));
  });

  it('knows nothing of judgements that were not asked for', () => {
    const { taken } = closeWhenCertain(replayed(studied), 0.9, options);
    expect(taken.some((k) => k < 4)).toBe(true);
    // What nobody asked for is turned round; the same prompts are closed at the same moments.
    const altered = studied.map(({ ids, judgements }, prompt) => ({
      ids,
      judgements: judgements.map(({ annotator, order }, k) => ({
        annotator,
        order: k < taken[prompt]! ? order : new Map([...order].map(([id, tier]) => [id, 2 - tier])),
      })),
    }));
    expect([...closeWhenCertain(replayed(altered), 0.9, options).taken]).toEqual([...taken]);
  });

  it('asks everybody where full certainty is wanted, and nobody again where none is', () => {
    const prompts = replayed(studied);
    expect([...closeWhenCertain(prompts, 1.01, options).taken]).toEqual(studied.map(() => 4));
    const least = [...closeWhenCertain(prompts, 0, { ...options, atLeast: 2 }).taken];
    expect(least.filter((k) => k === 2).length).toBe(36);
    expect(least.filter((k) => k === 4).length).toBe(4);
  });
});
