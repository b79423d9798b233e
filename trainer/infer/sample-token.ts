/** Samples the next token from the logits of one row. */

export interface Sampling {
  /** 0 (default): always the most probable token. Higher values flatten the distribution. */
  readonly temperature?: number;
  /** Draw from the most probable tokens that together have at least this probability. Default 1: from all. */
  readonly topP?: number;
}

/** Throws RangeError. */
export function checkSampling({ temperature = 0, topP = 1 }: Sampling): void {
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the temperature must be 0 or more, not ${temperature}`);
  }
  if (!(topP > 0 && topP <= 1)) throw new RangeError(`topP must be above 0 and at most 1, not ${topP}`);
}

/**
 * Samples a token id from logits [vocab]; ties go to the lower id. `random` returns numbers in [0, 1) and is called
 * once, or never for temperature 0.
 */
export function sampleToken(
  logits: Float32Array,
  { temperature = 0, topP = 1 }: Sampling,
  random: () => number,
): number {
  const best = argmax(logits);
  if (temperature === 0) return best;
  const weights = Float64Array.from(logits, (value) => Math.exp((value - logits[best]!) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (topP === 1) return draw(weights.keys(), weights, random() * total);
  const nucleus = [...weights.keys()]
    .filter((id) => weights[id]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b);
  let mass = 0;
  let size = 0;
  while (size < nucleus.length && mass < topP * total) mass += weights[nucleus[size++]!]!;
  return draw(nucleus.slice(0, size), weights, random() * mass);
}

/** The id at which the running sum of weights passes `target`. */
function draw(ids: Iterable<number>, weights: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (const id of ids) {
    if (weights[id] === 0) continue;
    sum += weights[id]!;
    last = id;
    if (sum > target) break;
  }
  return last;
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
