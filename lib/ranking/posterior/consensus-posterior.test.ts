import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { seededRandom } from '@/trainer/data/seeded-random';
import { type ConsensusRule, consensus, defaultConsensusRule } from '../consensus';
import type { JudgedOrder } from '../tiers';
import { ConsensusPosterior } from './consensus-posterior';
import { estimateJudgementModel, guessedModel, type JudgementModel } from './judgement-model';
import { judgedBy, responseJudgements } from './people.test-support';

interface Case {
  tiers: number;
  model: Omit<JudgementModel, 'tierCount'>;
  responses: number;
  judged: Record<string, (number | null)[]>;
  wanted: number;
  quorum: ConsensusRule['quorum'];
  maxAgainst: number;
  certainty: number;
  change: number;
}

/** Every list of as many choices. */
const sequences = <T>(choices: readonly T[], length: number): T[][] =>
  length === 0 ? [[]] : sequences(choices, length - 1).flatMap((rest) => choices.map((one) => [...rest, one]));
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `r${i}`);
const orderOf = (ids: readonly string[], tiers: readonly (number | null)[]) =>
  new Map(ids.flatMap((id, i) => (tiers[i] === null ? [] : [[id, tiers[i]!]])));
const judgementsOf = (ids: readonly string[], judged: Case['judged']): JudgedOrder[] =>
  Object.entries(judged).map(([annotator, tiers]) => ({ annotator, order: orderOf(ids, tiers) }));
/** The consensus of each pair, in order: 1, -1 or 0. */
function verdicts(ids: readonly string[], judgements: readonly JudgedOrder[], rule: ConsensusRule): number[] {
  const { pairs } = consensus(ids, judgements, rule);
  const has = (a: string, b: string) => pairs.some(({ chosen, rejected }) => chosen === a && rejected === b);
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => Number(has(a, b)) - Number(has(b, a))));
}
const same = (one: readonly number[], other: readonly number[]) =>
  one.filter((verdict, i) => verdict === other[i]).length / one.length;

/** Goes through every standing of every response and every board of everybody who may come, and asks the real rule. */
function byEnumeration(model: JudgementModel, ids: readonly string[], now: readonly JudgedOrder[], coming: number) {
  const people = [model.pool, ...Object.values(model.annotators)];
  const tiers = Array.from({ length: model.tierCount }, (_, tier) => tier);
  const boards = people.flatMap((person) => sequences(tiers, ids.length).map((board) => ({ person, board })));
  const posterior = new ConsensusPosterior(model, defaultConsensusRule);
  const standings = ids.map((id) => posterior.standingOf(id, now));
  const today = verdicts(ids, now, defaultConsensusRule);
  let sum = 0;
  for (const all of sequences(boards, coming)) {
    const then = all.map(({ board }, i) => ({ annotator: `coming ${i}`, order: orderOf(ids, board) }));
    const share = same(today, verdicts(ids, [...now, ...then], defaultConsensusRule));
    for (const truth of sequences([...model.shares.keys()], ids.length)) {
      const prior = truth.reduce((p, s, i) => p * standings[i]![s]!, 1);
      sum += all.reduce(
        (p, { person, board }) => board.reduce((q, tier, i) => q * person[truth[i]!]![tier]!, p / people.length),
        prior * share,
      );
    }
  }
  return sum;
}

const people = [0.9, 0.8, 0.7, 0.85, 0.6, 0.75].map((reliability, i) => ({ name: `person ${i}`, reliability }));

describe("how certain a prompt's consensus is", () => {
  it('is what an independent program says, with gaps and with other rules', () => {
    for (const { tiers, model, responses, judged, wanted, quorum, maxAgainst, ...expected } of readCases<Case>(
      'posterior.jsonl',
    )) {
      const posterior = new ConsensusPosterior({ ...model, tierCount: tiers }, { quorum, maxAgainst });
      const ids = idsOf(responses);
      const { certainty, change } = posterior.of(ids, judgementsOf(ids, judged), wanted);
      expect({ certainty, change }).toEqual({
        certainty: expect.closeTo(expected.certainty, 9),
        change: expect.closeTo(expected.change, 9),
      });
    }
  });

  it.each([
    { tiers: 2, responses: 3, coming: 2 },
    { tiers: 3, responses: 3, coming: 1 },
    { tiers: 2, responses: 2, coming: 3 },
  ])('is the sum over all boards that may come: $tiers tiers, $responses responses', ({ tiers, responses, coming }) => {
    const study = { seed: 5, prompts: 60, responses, tiers, overlap: 1 };
    const prompts = judgedBy(people.slice(0, 1), study);
    // Nobody leaves a gap here, so that the share of placed responses is one.
    const model = { ...estimateJudgementModel(responseJudgements(prompts), tiers), placedShare: 1 };
    const posterior = new ConsensusPosterior(model, defaultConsensusRule);
    for (const { ids, judgements } of prompts.slice(0, 3)) {
      const { certainty } = posterior.of(ids, judgements, judgements.length + coming);
      expect(certainty).toBeCloseTo(byEnumeration(model, ids, judgements, coming), 9);
    }
  });

  it.each([
    { name: 'two tiers', tiers: 2, rule: defaultConsensusRule, gaps: 0 },
    { name: 'five tiers and gaps', tiers: 5, rule: defaultConsensusRule, gaps: 0.1 },
    { name: 'a rule that bears one who contradicts', tiers: 3, rule: { quorum: 'majority', maxAgainst: 1 }, gaps: 0 },
    { name: 'a rule that wants three', tiers: 4, rule: { quorum: 3, maxAgainst: 0 }, gaps: 0 },
  ] as const)('holds what it says: $name', ({ tiers, rule, gaps }) => {
    const overlap = 5;
    const prompts = judgedBy(
      people.map((person) => ({ ...person, gaps })),
      { seed: 7, prompts: 1000, responses: 5, tiers, overlap },
    );
    const model = estimateJudgementModel(responseJudgements(prompts.slice(0, 300)), tiers);
    const posterior = new ConsensusPosterior(model, rule);
    const bins = Array.from({ length: 20 }, () => ({ prompts: 0, said: 0, held: 0 }));
    for (const { ids, judgements } of prompts.slice(300)) {
      const final = verdicts(ids, judgements, rule);
      for (let k = 1; k < overlap; k++) {
        const now = judgements.slice(0, k);
        const { certainty } = posterior.of(ids, now, overlap);
        const bin = bins[Math.min(19, Math.floor(certainty * 20))]!;
        bin.prompts++;
        bin.said += certainty;
        bin.held += same(verdicts(ids, now, rule), final);
      }
    }
    const filled = bins.filter((bin) => bin.prompts >= 150);
    expect(filled.length).toBeGreaterThan(3);
    for (const bin of filled) expect(Math.abs(bin.held - bin.said) / bin.prompts).toBeLessThan(0.04);
    const all = bins.reduce((sum, bin) => sum + (bin.held - bin.said), 0) / (700 * (overlap - 1));
    expect(Math.abs(all)).toBeLessThan(0.015);
  });

  it('does not depend on the order of responses or annotators, nor on their names', () => {
    const [one] = judgedBy(people, { seed: 3, prompts: 1, responses: 6, tiers: 3, overlap: 3 });
    const posterior = new ConsensusPosterior(guessedModel(3), defaultConsensusRule);
    const { certainty, change } = posterior.of(one!.ids, one!.judgements, 5);
    const renamed = one!.judgements.map(({ order }, i) => ({ annotator: `other ${i}`, order })).reverse();
    expect(posterior.of([...one!.ids].reverse(), renamed, 5)).toEqual({
      certainty: expect.closeTo(certainty, 12),
      change: expect.closeTo(change, 12),
    });
  });

  it('is the same where best and worst change places', () => {
    const [one] = judgedBy(people, { seed: 4, prompts: 1, responses: 6, tiers: 4, overlap: 2 });
    const turned = one!.judgements.map(({ annotator, order }) => ({
      annotator,
      order: new Map([...order].map(([id, tier]) => [id, 3 - tier])),
    }));
    const posterior = new ConsensusPosterior(guessedModel(4), defaultConsensusRule);
    expect(posterior.of(one!.ids, turned, 5).certainty).toBeCloseTo(
      posterior.of(one!.ids, one!.judgements, 5).certainty,
      12,
    );
  });

  it('is one, and nothing would change it, when everybody has judged or there is nothing to compare', () => {
    const posterior = new ConsensusPosterior(guessedModel(3), defaultConsensusRule);
    const [one] = judgedBy(people, { seed: 6, prompts: 1, responses: 4, tiers: 3, overlap: 3 });
    const settled = { certainty: 1, change: 0 };
    expect(posterior.of(one!.ids, one!.judgements, 3)).toEqual(settled);
    expect(posterior.of(one!.ids, one!.judgements, 2)).toEqual(settled);
    expect(posterior.of(['r0'], [], 3)).toEqual(settled);
    expect(posterior.of([], [], 3)).toEqual(settled);
  });

  it('is less certain of those who contradict each other than of those who agree, except where that settles a pair', () => {
    const posterior = new ConsensusPosterior(guessedModel(2), defaultConsensusRule);
    const says = (annotator: string, better: string, worse: string): JudgedOrder => ({
      annotator,
      order: new Map([
        [better, 0],
        [worse, 1],
      ]),
    });
    const of = (...judgements: JudgedOrder[]) => posterior.of(['a', 'b'], judgements, 5);
    const agreed = of(says('x', 'a', 'b'), says('y', 'a', 'b'));
    expect(agreed.certainty).toBeGreaterThan(of(says('x', 'a', 'b')).certainty);
    // Nobody may contradict: once two have, the pair is lost.
    expect(of(says('x', 'a', 'b'), says('y', 'b', 'a'))).toEqual({
      certainty: expect.closeTo(1, 12),
      change: expect.closeTo(0, 12),
    });
    const tie = {
      annotator: 'x',
      order: new Map([
        ['a', 0],
        ['b', 0],
      ]),
    };
    expect(of(tie).certainty).toBeGreaterThan(0.5);
    expect(of(tie, { ...tie, annotator: 'y' }, { ...tie, annotator: 'z' }).change).toBeCloseTo(0, 12);
  });

  it('expects more gaps where nobody could judge a response', () => {
    const posterior = new ConsensusPosterior(guessedModel(2), defaultConsensusRule);
    const nobody = [1, 2, 3].map((i) => ({ annotator: `person ${i}`, order: new Map<string, number>() }));
    const { certainty } = posterior.of(['a', 'b'], nobody, 4);
    expect(certainty).toBeGreaterThan(posterior.of(['a', 'b'], [], 1).certainty + 0.1);
    expect(certainty).toBeGreaterThan(0.85);
  });

  it('believes a reliable annotator more', () => {
    const random = seededRandom(9);
    const reliable = judgedBy(
      [
        { name: 'sure', reliability: 0.97 },
        { name: 'unsure', reliability: 0.5 },
        { name: 'other', reliability: 0.85 },
      ],
      { seed: Math.floor(random() * 1000), prompts: 400, responses: 4, tiers: 2, overlap: 3 },
    );
    const model = estimateJudgementModel(responseJudgements(reliable), 2);
    const posterior = new ConsensusPosterior(model, defaultConsensusRule);
    const by = (annotator: string) => ({
      annotator,
      order: new Map([
        ['a', 0],
        ['b', 1],
      ]),
    });
    const certain = (annotator: string) => posterior.of(['a', 'b'], [by(annotator)], 3).certainty;
    expect(certain('sure')).toBeGreaterThan(certain('unsure') + 0.1);
  });
});
