/**
 * e-SNLI items (premise, hypothesis, gold label, human rationales, one model rationale a label) as snapshot records
 * under one of the four heuristic partial orders.
 */
import * as z from 'zod';
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';
import type { SnapshotRecord, SnapshotResponse } from '../contract/record';

const labelSchema = z.enum(['entailment', 'neutral', 'contradiction']);
export const esnliItemSchema = z.object({
  id: z.string().min(1),
  premise: z.string().min(1),
  hypothesis: z.string().min(1),
  label: labelSchema,
  human: z.array(z.string()).min(1),
  /** label -> the rationale a model gave for that label. */
  model: z.partialRecord(labelSchema, z.string()),
});
export type EsnliItem = z.infer<typeof esnliItemSchema>;

/**
 * human: human > rest. label: right label > wrong. hybrid: human > right > wrong. full: one chain, by word overlap
 * with the human response.
 */
export type HeuristicOrder = 'human' | 'label' | 'hybrid' | 'full';

/** Reads a JSONL file's text; messages name file and line. */
export function parseEsnli(text: string, fileName: string): EsnliItem[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [esnliItemSchema.parse(JSON.parse(line))];
    } catch (error) {
      const message = error instanceof z.ZodError ? inEnglish(listedIssues(error)) : (error as Error).message;
      throw new Error(`${fileName}:${index + 1}: ${message}`);
    }
  });
}

export const promptText = (item: { premise: string; hypothesis: string }) =>
  `Premise: ${item.premise}\nHypothesis: ${item.hypothesis}`;

export const responseText = (rationale: string, label: string) => `${rationale.trim()} #### ${label}`;

/** Premise and hypothesis, lower-cased and stripped to letters and digits: equal when two data sets hold one item. */
export const itemKey = (item: { premise: string; hypothesis: string }) =>
  `${plain(item.premise)}|${plain(item.hypothesis)}`;

const plain = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

/** The item's first `humans` human rationales and its model rationales, ordered. */
export function recordOfEsnli(item: EsnliItem, order: HeuristicOrder, humans = 1): SnapshotRecord {
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
    for (const word of plain(text).split(' ')) if (word) bag.set(word, (bag.get(word) ?? 0) + 1);
    return bag;
  };
  const [bagA, bagB] = [count(a), count(b)];
  const total = [...bagA.values(), ...bagB.values()].reduce((sum, n) => sum + n, 0);
  let shared = 0;
  for (const [word, n] of bagA) shared += Math.min(n, bagB.get(word) ?? 0);
  return total === 0 ? 0 : (2 * shared) / total;
}
