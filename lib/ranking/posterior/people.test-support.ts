import { seededRandom } from '@/trainer/data/seeded-random';
import type { JudgedOrder } from '../tiers';
import type { ResponseJudgement } from './judgement-model';

export interface Person {
  readonly name: string;
  /** How probably he or she gives a response its true tier; else each neighbour is as probable. */
  readonly reliability: number;
  /** How probably he or she cannot judge a response. */
  readonly gaps?: number;
}

export interface JudgedByAll {
  readonly ids: string[];
  /** In the order in which they were asked. */
  readonly judgements: JudgedOrder[];
}

/** Prompts of which every response has a true tier, each judged by some of the people, in random order. */
export function judgedBy(
  people: readonly Person[],
  { seed, prompts, responses, tiers, overlap }: Record<'seed' | 'prompts' | 'responses' | 'tiers' | 'overlap', number>,
): JudgedByAll[] {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: prompts }, () => {
    const ids = Array.from({ length: responses }, (_, i) => `r${i}`);
    const truth = ids.map(() => below(tiers));
    const left = [...people];
    const judgements = Array.from({ length: overlap }, () => {
      const { name, reliability, gaps = 0 } = left.splice(below(left.length), 1)[0]!;
      const given = truth.map((tier) => {
        if (random() < reliability) return tier;
        const near = [tier - 1, tier + 1].filter((other) => other >= 0 && other < tiers);
        return near[below(near.length)]!;
      });
      return { annotator: name, order: new Map(ids.flatMap((id, i) => (random() < gaps ? [] : [[id, given[i]!]]))) };
    });
    return { ids, judgements };
  });
}

export const responseJudgements = (prompts: readonly JudgedByAll[]): ResponseJudgement[] =>
  prompts.flatMap(({ ids, judgements }, prompt) =>
    judgements.flatMap(({ annotator, order }) =>
      ids.map((id) => ({ item: `${prompt} ${id}`, annotator, tier: order.get(id) ?? null })),
    ),
  );
