/** Asks for a study's judgements one after the other, as an adaptive project would, and compares with the full vote. */
import { type ConsensusRule, consensus } from '../../lib/ranking/consensus';
import { disagreement } from '../../lib/ranking/disagreement';
import { ConsensusPosterior, type PromptCertainty } from '../../lib/ranking/posterior/consensus-posterior';
import { estimateJudgementModel, guessedModel, type JudgementModel } from '../../lib/ranking/posterior/judgement-model';
import type { JudgedOrder } from '../../lib/ranking/tiers';
import { seededRandom, shuffled } from '../../trainer/data/seeded-random';

/** Which prompt is asked about next: that of the lowest certainty, of the greatest expected change, or a heuristic. */
export const orders = ['certainty', 'change', 'disagreement', 'random'] as const;
export type Order = (typeof orders)[number];

const HELPINGS = 15;

export interface ReplayOptions {
  readonly tierCount: number;
  readonly rule: ConsensusRule;
  readonly seed: number;
  /** Each prompt gets as many before any is asked about again. */
  readonly atLeast: number;
  /** A random share of the prompts, in percent, is judged by everybody first: people's reliability is learned there. */
  readonly samplePercent: number;
}

/** A prompt with all its judgements in the order in which they are asked for. */
export class ReplayedPrompt {
  readonly pairs: number;
  /** By the number of judgements: how many pairs are what they are with all of them. */
  readonly same: readonly number[];
  /** By the number of judgements: how far they differ. */
  readonly disagreements: readonly number[];
  /** How many judgements it takes until the first two are found to say the same, or all. */
  readonly untilTwoAgree: number;

  constructor(
    readonly ids: readonly string[],
    readonly judgements: readonly JudgedOrder[],
    rule: ConsensusRule,
  ) {
    const verdicts = Array.from({ length: judgements.length + 1 }, (_, k) =>
      verdictsOf(ids, judgements.slice(0, k), rule),
    );
    const final = verdicts.at(-1)!;
    this.pairs = final.length;
    this.same = verdicts.map((own) => own.filter((verdict, i) => verdict === final[i]).length);
    this.disagreements = verdicts.map((_, k) => disagreement(judgements.slice(0, k).map(({ order }) => order)) ?? 0);
    const agree = judgements.length >= 2 && this.disagreements[2] === 0;
    this.untilTwoAgree = agree ? 2 : judgements.length;
  }

  get full(): number {
    return this.judgements.length;
  }
}

/** Of each pair, in order: 1 or -1 for the better side, 0 for none. */
function verdictsOf(ids: readonly string[], judgements: readonly JudgedOrder[], rule: ConsensusRule): number[] {
  const kept = new Set(
    consensus(ids, judgements, rule).pairs.map(({ chosen, rejected }) => JSON.stringify([chosen, rejected])),
  );
  const has = (a: string, b: string) => Number(kept.has(JSON.stringify([a, b])));
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => has(a, b) - has(b, a)));
}

/** How many judgements each prompt has, at one moment of a replay. */
export type Taken = Uint8Array;

/** What was said of a prompt with some judgements, before the others came. */
export interface Said extends PromptCertainty {
  readonly prompt: number;
  readonly judgements: number;
}

const modelOf = (prompts: readonly ReplayedPrompt[], taken: Taken, tierCount: number): JudgementModel =>
  estimateJudgementModel(
    prompts.flatMap(({ ids, judgements }, prompt) =>
      judgements
        .slice(0, taken[prompt]!)
        .flatMap(({ annotator, order }) =>
          ids.map((id) => ({ item: `${prompt} ${id}`, annotator, tier: order.get(id) ?? null })),
        ),
    ),
    tierCount,
  );

function beginning(prompts: readonly ReplayedPrompt[], { seed, atLeast, samplePercent }: ReplayOptions): Taken {
  const sample = new Set(
    shuffled([...prompts.keys()], seededRandom(seed)).slice(0, Math.round((prompts.length * samplePercent) / 100)),
  );
  return Uint8Array.from(prompts, ({ full }, prompt) => (sample.has(prompt) ? full : Math.min(atLeast, full)));
}

/**
 * Spends the judgements that are left in helpings, each on the first prompts in the order; nothing is known of
 * what was not asked for. @returns the moments, from the least that each prompt gets to everything
 */
export function spend(prompts: readonly ReplayedPrompt[], order: Order, options: ReplayOptions): Taken[] {
  const taken = beginning(prompts, options);
  const moments = [taken.slice()];
  const random = seededRandom(options.seed + 1);
  const left = () => prompts.reduce((sum, { full }, i) => sum + full - taken[i]!, 0);
  const helping = Math.ceil(left() / HELPINGS);
  while (left() > 0) {
    const open = shuffled(
      [...prompts.keys()].filter((i) => taken[i]! < prompts[i]!.full),
      random,
    );
    const keys = keysOf(prompts, order, taken, open, options);
    const first = open.map((prompt, i) => ({ prompt, key: keys[i]! })).sort((a, b) => a.key - b.key);
    for (const { prompt } of first.slice(0, helping)) taken[prompt]!++;
    moments.push(taken.slice());
  }
  return moments;
}

function keysOf(
  prompts: readonly ReplayedPrompt[],
  order: Order,
  taken: Taken,
  open: readonly number[],
  { tierCount, rule }: ReplayOptions,
): number[] {
  if (order === 'random') return open.map(() => 0);
  if (order === 'disagreement') return open.map((i) => -prompts[i]!.disagreements[taken[i]!]!);
  const posterior = new ConsensusPosterior(modelOf(prompts, taken, tierCount), rule);
  return open.map((i) => {
    const { ids, judgements, full } = prompts[i]!;
    const { certainty, change } = posterior.of(ids, judgements.slice(0, taken[i]!), full);
    return order === 'certainty' ? certainty : -change;
  });
}

/**
 * Closes each prompt that is certain enough and asks once more about the others, until all are closed; the model is
 * estimated anew for each round.
 * @param knowsPeople false: reliability is never learned, so that everybody is taken for the guess
 */
export function closeWhenCertain(
  prompts: readonly ReplayedPrompt[],
  certainty: number,
  options: ReplayOptions,
  knowsPeople = true,
): { taken: Taken; said: Said[] } {
  const taken = beginning(prompts, options);
  const said: Said[] = [];
  for (;;) {
    const model = knowsPeople ? modelOf(prompts, taken, options.tierCount) : guessedModel(options.tierCount);
    const posterior = new ConsensusPosterior(model, options.rule);
    const unsure = [...prompts.entries()].filter(([prompt, { ids, judgements, full }]) => {
      if (taken[prompt]! >= full) return false;
      const own = posterior.of(ids, judgements.slice(0, taken[prompt]!), full);
      said.push({ prompt, judgements: taken[prompt]!, ...own });
      return own.certainty < certainty;
    });
    if (unsure.length === 0) return { taken, said };
    for (const [prompt] of unsure) taken[prompt]!++;
  }
}

/**
 * What somebody who knew the full vote would ask for, at falling prices of a judgement: a bound that nobody reaches who
 * does not know it.
 */
export function withHindsight(prompts: readonly ReplayedPrompt[], { atLeast }: ReplayOptions): Taken[] {
  return Array.from({ length: 101 }, (_, i) => 2 * (1 - i / 100) ** 3).map((price) =>
    Uint8Array.from(prompts, ({ full, same }) => {
      let best = Math.min(atLeast, full);
      for (let k = best + 1; k <= full; k++) if (same[k]! - price * k > same[best]! - price * best) best = k;
      return best;
    }),
  );
}
