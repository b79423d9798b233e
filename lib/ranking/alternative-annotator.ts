/**
 * The alternative annotator test (Calderon, Reichart and Dror, arXiv 2501.10970): may a model stand in for an annotator?
 * Each person is left out in turn, and the model takes the place: on each prompt, whose order agrees more with the orders of
 * the others? The model wins against a person if it does at least as well as often as he or she does, less epsilon, which is
 * what a person costs more than a model.
 */
import { message } from '@/trainer/contract/message';
import { ratio, type Statistic, undefinedFor } from './statistic';
import { studentT } from './student-t';
import type { JudgedOrder, WeakOrder } from './tiers';

export interface AlternativeAnnotatorOptions {
  /** 0.2 beside experts, 0.15 beside trained annotators, 0.1 beside crowd workers. */
  readonly epsilon: number;
  /** The share of false wins among wins that is accepted (Benjamini and Yekutieli). */
  readonly level: number;
  /** False: pairs that one of the three ties are left out. */
  readonly countTies: boolean;
}

export interface AlternativeAnnotatorTest {
  /** The share of people whom the model wins against; it may stand in from a half on. */
  readonly winningRate: Statistic;
  /** How often the model does at least as well as the person, on average over people. */
  readonly advantage: Statistic;
  readonly people: readonly AgainstPerson[];
}

export interface AgainstPerson {
  readonly annotator: string;
  /** Prompts that the model, this person and another one judged, with a pair in common. */
  readonly prompts: number;
  readonly advantage: Statistic;
  readonly pValue: Statistic;
  readonly won: boolean;
}

/** One prompt that the model judged. */
export interface ComparedPrompt {
  readonly model: WeakOrder;
  readonly people: readonly JudgedOrder[];
}

/** Below so many prompts the t-test does not hold. */
const FEWEST_PROMPTS = 30;
/** The same mean of shares, summed in another order, may differ by this. */
const ROUNDING = 1e-12;

export function alternativeAnnotatorTest(
  prompts: readonly ComparedPrompt[],
  { epsilon, level, countTies }: AlternativeAnnotatorOptions,
): AlternativeAnnotatorTest {
  const names = [...new Set(prompts.flatMap(({ people }) => people.map(({ annotator }) => annotator)))].sort();
  const tested = names.map((name) => againstPerson(prompts, name, epsilon, countTies));
  const defined = tested.flatMap(({ pValue }) => pValue.value ?? []);
  const threshold = falseDiscoveryThreshold(defined, level);
  const people = tested.map((one) => ({ ...one, won: one.pValue.value !== null && one.pValue.value <= threshold }));
  const reason = message(names.length < 2 ? 'fewerThanTwoAnnotators' : 'nobodyToTestAgainst');
  const advantages = people.flatMap(({ advantage, pValue }) => (pValue.value === null ? [] : (advantage.value ?? [])));
  return {
    winningRate: ratio(people.filter(({ won }) => won).length, defined.length, reason),
    advantage: ratio(
      advantages.reduce((sum, value) => sum + value, 0),
      advantages.length,
      reason,
    ),
    people,
  };
}

function againstPerson(
  prompts: readonly ComparedPrompt[],
  annotator: string,
  epsilon: number,
  countTies: boolean,
): Omit<AgainstPerson, 'won'> {
  /** By how much the person's winning differs from the model's, on each prompt: 1, -1, or 0 where both do as well. */
  const differences: number[] = [];
  let modelWins = 0;
  for (const { model, people } of prompts) {
    const own = people.find((one) => one.annotator === annotator);
    if (!own) continue;
    const [ofModel, ofPerson, counted] = agreementWithOthers(model, own.order, people, annotator, countTies);
    if (counted === 0) continue;
    const modelIsAsGood = ofModel >= ofPerson - ROUNDING;
    const personIsAsGood = ofPerson >= ofModel - ROUNDING;
    if (modelIsAsGood) modelWins++;
    differences.push(Number(personIsAsGood) - Number(modelIsAsGood));
  }
  const n = differences.length;
  return {
    annotator,
    prompts: n,
    advantage: ratio(modelWins, n, message('nobodyToTestAgainst')),
    pValue:
      n < FEWEST_PROMPTS
        ? undefinedFor(message('fewerPromptsThanTested', { prompts: n, fewest: FEWEST_PROMPTS }))
        : { value: probabilityOfLess(differences, epsilon) },
  };
}

/**
 * The mean over the other people of the share of pairs of which the model, and the person, say the same as they do. Only
 * responses count that all three placed.
 */
function agreementWithOthers(
  model: WeakOrder,
  own: WeakOrder,
  people: readonly JudgedOrder[],
  annotator: string,
  countTies: boolean,
): [ofModel: number, ofPerson: number, others: number] {
  let [ofModel, ofPerson, others] = [0, 0, 0];
  for (const { annotator: other, order } of people) {
    if (other === annotator) continue;
    const ids = [...order.keys()].filter((id) => model.has(id) && own.has(id));
    let [modelSame, personSame, pairs] = [0, 0, 0];
    for (let i = 0; i < ids.length; i++) {
      for (let j = i + 1; j < ids.length; j++) {
        const [said, byModel, byPerson] = [order, model, own].map((one) =>
          Math.sign(one.get(ids[i]!)! - one.get(ids[j]!)!),
        );
        if (!countTies && (said === 0 || byModel === 0 || byPerson === 0)) continue;
        pairs++;
        if (byModel === said) modelSame++;
        if (byPerson === said) personSame++;
      }
    }
    if (pairs === 0) continue;
    others++;
    ofModel += modelSame / pairs;
    ofPerson += personSame / pairs;
  }
  return [ofModel / others, ofPerson / others, others];
}

/** One-sided t-test: how probable so low a mean would be if the true one were `bound`. */
function probabilityOfLess(values: readonly number[], bound: number): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  if (variance === 0) return mean < bound ? 0 : 1;
  return studentT((mean - bound) / Math.sqrt(variance / n), n - 1);
}

/** The highest p that is rejected (Benjamini and Yekutieli); below every p where none is. */
function falseDiscoveryThreshold(pValues: readonly number[], level: number): number {
  const m = pValues.length;
  const harmonic = pValues.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const sorted = [...pValues].sort((a, b) => a - b);
  const last = sorted.findLastIndex((p, i) => p <= ((i + 1) * level) / (m * harmonic));
  return last === -1 ? Number.NEGATIVE_INFINITY : sorted[last]!;
}
