/** e-SNLI items as snapshot records, under one of four heuristic partial orders. */
import type { SnapshotRecord, SnapshotResponse } from '../contract/record';
import { type EsnliItem, plainWords, promptText, responseText } from '../data/esnli';

/**
 * human: human > rest. label: right label > wrong. hybrid: human > right > wrong. full: one chain, by word overlap
 * with the human response.
 */
export type HeuristicOrder = 'human' | 'label' | 'hybrid' | 'full';

/** The item's first `humans` human rationales and its model rationales, ordered. */
export function esnliRecord(item: EsnliItem, order: HeuristicOrder, humans = 1): SnapshotRecord {
  const unordered: SnapshotResponse[] = [
    ...item.human.slice(0, humans).map((rationale, i) => ({
      id: `human-${i + 1}`,
      text: responseText(rationale, item.label),
      source: 'human',
      label: item.label as string,
    })),
    ...Object.entries(item.model).map(([label, rationale]) => ({
      id: `gpt2-${label}`,
      text: responseText(rationale, label),
      source: 'gpt2',
      label,
    })),
  ];
  const tiers = tiersOf(unordered, item.label, order);
  const responses = unordered.map((response, i) => ({ ...response, tier: tiers[i] as number }));
  return {
    id: item.id,
    prompt: [{ role: 'user', content: promptText(item) }],
    responses,
    reference_label: item.label,
    pairs: responses.flatMap((chosen) =>
      responses
        .filter((rejected) => chosen.tier < rejected.tier)
        .map((rejected) => ({
          chosen: chosen.id,
          rejected: rejected.id,
          margin: rejected.tier - chosen.tier,
          support: [`heuristic:${order}`],
          against: [],
        })),
    ),
  };
}

/** Tiers from 0 without gaps. */
function tiersOf(responses: readonly SnapshotResponse[], gold: string, order: HeuristicOrder): number[] {
  const human = responses.find(({ source }) => source === 'human');
  const rank = responses.map((response) => {
    const isHuman = response.source === 'human' ? 0 : 1;
    const isWrong = response.label === gold ? 0 : 1;
    if (order === 'human') return isHuman;
    if (order === 'label') return isWrong;
    if (order === 'hybrid') return isHuman + isWrong;
    return -wordOverlap(response.text, human?.text ?? '');
  });
  const levels = [...new Set(rank)].sort((a, b) => a - b);
  return rank.map((value) => levels.indexOf(value));
}

/** F1 of the two texts' bags of words, 0 to 1. */
export function wordOverlap(a: string, b: string): number {
  const count = (text: string) => {
    const bag = new Map<string, number>();
    for (const word of plainWords(text).split(' ')) if (word) bag.set(word, (bag.get(word) ?? 0) + 1);
    return bag;
  };
  const [bagA, bagB] = [count(a), count(b)];
  const total = [...bagA.values(), ...bagB.values()].reduce((sum, n) => sum + n, 0);
  let shared = 0;
  for (const [word, n] of bagA) shared += Math.min(n, bagB.get(word) ?? 0);
  return total === 0 ? 0 : (2 * shared) / total;
}
