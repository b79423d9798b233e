import type { HeuristicsPreview } from '../schemas/heuristics';
import type { ImportedPrompt } from '../schemas/prompt-import';
import { excerptOf } from './excerpt';
import { heuristicPairs, heuristics } from './heuristics';
import { type LabelPattern, withFoundLabels } from './label-pattern';
import type { OrderedPair } from './pairs';

const SAMPLES = 5;
const SAMPLED_RESPONSES = 8;
const ENDING = 120;

/** Counts what each heuristic gives, prompt by prompt. */
export class HeuristicsTally {
  readonly #preview: Omit<HeuristicsPreview, 'of'> = {
    prompts: 0,
    withReference: 0,
    withHuman: 0,
    labels: { imported: 0, found: 0, none: 0 },
    orders: heuristics.map((strategy) => ({ strategy, pairs: 0, promptsWithoutPairs: 0 })),
    samples: [],
  };

  constructor(private readonly find: LabelPattern | null) {}

  add(prompt: ImportedPrompt): void {
    const preview = this.#preview;
    const labelled = this.find ? withFoundLabels(prompt, this.find) : prompt;
    preview.prompts++;
    if (prompt.referenceLabel !== undefined) preview.withReference++;
    if (prompt.responses.some(({ source }) => source === 'human')) preview.withHuman++;
    labelled.responses.forEach(({ label }, i) => {
      preview.labels[label === undefined ? 'none' : prompt.responses[i]!.label === undefined ? 'found' : 'imported']++;
    });
    const orders = heuristics.map((heuristic) => heuristicPairs(heuristic, labelled.responses, prompt.referenceLabel));
    orders.forEach((pairs, i) => {
      preview.orders[i]!.pairs += pairs.length;
      if (pairs.length === 0) preview.orders[i]!.promptsWithoutPairs++;
    });
    if (preview.samples.length < SAMPLES) preview.samples.push(sampleOf(prompt, labelled, orders));
  }

  preview(): Omit<HeuristicsPreview, 'of'> {
    return this.#preview;
  }
}

function sampleOf(
  prompt: ImportedPrompt,
  labelled: ImportedPrompt,
  orders: readonly OrderedPair[][],
): HeuristicsPreview['samples'][number] {
  const places = orders.map(placesOf);
  return {
    id: prompt.externalId,
    excerpt: excerptOf(prompt.messages),
    referenceLabel: prompt.referenceLabel ?? null,
    responses: labelled.responses.slice(0, SAMPLED_RESPONSES).map(({ id, source, label, text }, i) => ({
      source,
      label: label ?? null,
      found: label !== undefined && prompt.responses[i]!.label === undefined,
      ending: endingOf(text),
      places: Object.fromEntries(heuristics.map((heuristic, at) => [heuristic, places[at]!.get(id) ?? null])) as Record<
        (typeof heuristics)[number],
        number | null
      >,
    })),
  };
}

/** A response's place: one more than the greatest distance from a response that is better than it. */
function placesOf(pairs: readonly OrderedPair[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const { chosen, rejected, margin } of pairs) {
    if (!places.has(chosen)) places.set(chosen, 1);
    places.set(rejected, Math.max(places.get(rejected) ?? 1, margin + 1));
  }
  return places;
}

/** Labels are found at the end of a text. */
function endingOf(text: string): string {
  const ending = [...text.slice(-2 * ENDING)].slice(-ENDING).join('');
  return ending.length < text.length ? `…${ending}` : text;
}
