import { describe, expect, it } from 'vitest';
import type { RerankedPrompt, RerankedResponse } from '@/lib/schemas/run-answers';
import { hasChanged, matchesFilter, orderByNewRank, placesGained, tierPairsRight } from './rank-changes';

const response = (id: string, rest: Partial<RerankedResponse>): RerankedResponse => ({
  responseId: id,
  text: id,
  source: 'human',
  tier: null,
  before: null,
  after: null,
  rankBefore: null,
  rankAfter: null,
  ...rest,
});
const prompt = (heldOut: boolean, ...responses: RerankedResponse[]): RerankedPrompt => ({
  promptId: 'p',
  text: 'p',
  heldOut,
  responses,
});

describe('rank changes', () => {
  it('counts the places gained, and returns null without a ranking', () => {
    expect(placesGained(response('a', { rankBefore: 3, rankAfter: 1 }))).toBe(2);
    expect(placesGained(response('a', { rankBefore: 1, rankAfter: 2 }))).toBe(-1);
    expect(placesGained(response('a', { rankBefore: 1 }))).toBeNull();
  });

  it('orders by the new ranking, else the old, unscored last, ties as given', () => {
    const list = [
      response('none', {}),
      response('c', { rankBefore: 1, rankAfter: 2 }),
      response('b', { rankBefore: 2, rankAfter: 2 }),
      response('a', { rankBefore: 3, rankAfter: 1 }),
    ];
    expect(orderByNewRank(list).map((r) => r.responseId)).toEqual(['a', 'c', 'b', 'none']);
  });

  it('counts pairs of different tiers only, ties in score one half', () => {
    const list = [
      response('good', { tier: 0, before: -1, after: -1 }),
      response('also good', { tier: 0, before: -3, after: -1 }),
      response('bad', { tier: 2, before: -2, after: -1 }),
      response('not judged', { before: 0, after: 0 }),
    ];
    expect(tierPairsRight(list, 'before')).toEqual({ right: 1, pairs: 2 });
    expect(tierPairsRight(list, 'after')).toEqual({ right: 1, pairs: 2 });
    expect(tierPairsRight([response('x', { tier: 0, before: 1 })], 'before')).toBeNull();
    expect(
      tierPairsRight(
        list.map((r) => ({ ...r, after: null })),
        'after',
      ),
    ).toBeNull();
  });

  it('filters', () => {
    const moved = prompt(true, response('a', { rankBefore: 1, rankAfter: 2 }));
    const same = prompt(false, response('a', { rankBefore: 1, rankAfter: 1 }));
    expect([moved, same].map(hasChanged)).toEqual([true, false]);
    expect([moved, same].filter((p) => matchesFilter(p, { heldOutOnly: true, changedOnly: false }))).toEqual([moved]);
    expect([moved, same].filter((p) => matchesFilter(p, { heldOutOnly: false, changedOnly: true }))).toEqual([moved]);
    expect([moved, same].filter((p) => matchesFilter(p, { heldOutOnly: false, changedOnly: false }))).toHaveLength(2);
  });
});
