/**
 * How certain a prompt's consensus is before everybody has judged it, and what one more judgement would change. Exact
 * under the model for each pair: what future annotators say of two responses depends on these two alone, so that the
 * posterior of each response is all that is needed of those given.
 *
 * A pair is judged by its own votes. With a rule that lets nobody contradict, and orders without gaps, that is the
 * consensus itself: whoever put a over b over c put a over c, so nothing is implied, and cycles need a contradiction.
 * With gaps or maxAgainst > 0 pairs that others imply or forbid count as their votes say.
 */
import { type ConsensusRule, preferredSide, type VoteCounts } from '../consensus';
import { pairVotes } from '../pair-votes';
import type { JudgedOrder } from '../tiers';
import { type JudgementModel, posteriorOf } from './judgement-model';

export interface PromptCertainty {
  /** The expected share of the prompt's pairs that are after the last judgement what they are today: kept or not. */
  readonly certainty: number;
  /** The expected share of its pairs that one more judgement would change. */
  readonly change: number;
}

/** As many judgements of a response speak as loud as the share that is placed of all. */
const PLACED_WEIGHT = 2;

export class ConsensusPosterior {
  readonly #outcomes: readonly PairOutcome[];
  /** By votes and the number of coming ones: for each two standings, how probably the pair stays what it is. */
  readonly #tables = new Map<string, Float64Array>();

  constructor(
    readonly model: JudgementModel,
    readonly rule: ConsensusRule,
  ) {
    this.#outcomes = pairOutcomes(model);
  }

  /** @param wanted how many judgements there would be in the end; those given count, whether they place anything or not */
  of(responseIds: readonly string[], judgements: readonly JudgedOrder[], wanted: number): PromptCertainty {
    const left = Math.max(0, wanted - judgements.length);
    const responses = responseIds.map((id) => ({
      id,
      standing: this.standingOf(id, judgements),
      placed: this.#placedShare(id, judgements),
    }));
    let [stays, staysNext, pairs] = [0, 0, 0];
    for (const [i, first] of responses.entries()) {
      for (const second of responses.slice(i + 1)) {
        const { support, against, tied } = pairVotes(first.id, second.id, judgements);
        const votes = { support: support.length, against: against.length, tied: tied.length };
        const both = outerProduct(first.standing, second.standing);
        const judged = first.placed * second.placed;
        const after = (coming: number) => this.#stays(votes, both, judged, coming);
        pairs++;
        stays += after(left);
        staysNext += after(Math.min(left, 1));
      }
    }
    return pairs === 0 ? { certainty: 1, change: 0 } : { certainty: stays / pairs, change: 1 - staysNext / pairs };
  }

  /** How probable each standing of a response is. */
  standingOf(id: string, judgements: readonly JudgedOrder[]): number[] {
    const { model } = this;
    return posteriorOf(
      model.shares,
      judgements.flatMap(({ annotator, order }) => {
        const tier = order.get(id);
        const confusion = model.annotators[annotator] ?? model.pool;
        return tier === undefined ? [] : [{ confusion, tier: Math.min(tier, model.tierCount - 1) }];
      }),
    );
  }

  #placedShare(id: string, judgements: readonly JudgedOrder[]): number {
    const placed = judgements.filter(({ order }) => order.has(id)).length;
    return (placed + PLACED_WEIGHT * this.model.placedShare) / (judgements.length + PLACED_WEIGHT);
  }

  /** @param judged how probably somebody who comes judges both */
  #stays(votes: VoteCounts, both: Float64Array, judged: number, coming: number): number {
    let sum = 0;
    for (let count = 0; count <= coming; count++) {
      const probability = binomial(coming, count) * judged ** count * (1 - judged) ** (coming - count);
      sum += probability * product(both, this.#table(votes, count));
    }
    return sum;
  }

  #table(votes: VoteCounts, coming: number): Float64Array {
    const key = `${votes.support} ${votes.against} ${votes.tied} ${coming}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const same = sameOutcomes(votes, coming, this.rule);
    const table = Float64Array.from(this.#outcomes, ({ better, tied, worse }) =>
      same.reduce((sum, { ways, support, against }) => {
        return sum + ways * better ** support * worse ** against * tied ** (coming - support - against);
      }, 0),
    );
    this.#tables.set(key, table);
    return table;
  }
}

/** The numbers of coming votes with which a pair stays what it is, and in how many ways these votes can come. */
function sameOutcomes(votes: VoteCounts, coming: number, rule: ConsensusRule) {
  const today = preferredSide(votes, rule);
  const same: { ways: number; support: number; against: number }[] = [];
  for (let support = 0; support <= coming; support++) {
    for (let against = 0; support + against <= coming; against++) {
      const tied = coming - support - against;
      const then = {
        support: votes.support + support,
        against: votes.against + against,
        tied: votes.tied + tied,
      };
      if (preferredSide(then, rule) !== today) continue;
      same.push({ ways: binomial(coming, support) * binomial(coming - support, against), support, against });
    }
  }
  return same;
}

/** How probably somebody who comes puts the first of two responses above, beside or below the second. */
interface PairOutcome {
  readonly better: number;
  readonly tied: number;
  readonly worse: number;
}

/** For each two standings. Whoever comes is one of the known annotators, or somebody new. */
function pairOutcomes({ shares, pool, annotators }: JudgementModel): PairOutcome[] {
  const people = [pool, ...Object.values(annotators)];
  return shares.flatMap((_, first) =>
    shares.map((__, second) => {
      const outcome = { better: 0, tied: 0, worse: 0 };
      for (const confusion of people) {
        const [p, q] = [confusion[first]!, confusion[second]!];
        let above = 0;
        for (const [tier, share] of p.entries()) {
          outcome.worse += share * above;
          outcome.tied += share * q[tier]!;
          above += q[tier]!;
          outcome.better += share * (1 - above);
        }
      }
      return {
        better: outcome.better / people.length,
        tied: outcome.tied / people.length,
        worse: outcome.worse / people.length,
      };
    }),
  );
}

function outerProduct(first: readonly number[], second: readonly number[]): Float64Array {
  return Float64Array.from(first.flatMap((p) => second.map((q) => p * q)));
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result *= (n - k + i) / i;
  return result;
}
