/**
 * Unigram and bigram models over token ids: baselines that a language model must clearly beat. The bigram is
 * interpolated Kneser-Ney, the strongest of the usual smoothings.
 */

/** One token to predict and the token before it. */
export interface TokenPair {
  readonly previous: number;
  readonly next: number;
}

/** Every predicted token of a prompt with its responses: the prompt's once, each response's after the prompt. */
export function* predictedTokens(item: {
  readonly promptIds: readonly number[];
  readonly responses: readonly { readonly ids: readonly number[] }[];
}): Generator<TokenPair> {
  const { promptIds, responses } = item;
  for (let i = 1; i < promptIds.length; i++) {
    yield { previous: promptIds[i - 1] as number, next: promptIds[i] as number };
  }
  for (const { ids } of responses) {
    let previous = promptIds[promptIds.length - 1] as number;
    for (const next of ids) {
      yield { previous, next };
      previous = next;
    }
  }
}

export interface NgramModel {
  /** Mean negative log-probability per token, in nats. */
  loss(tokens: Iterable<TokenPair>): number;
}

/** Add-one unigram over `vocabSize` tokens. */
export function unigramModel(training: Iterable<TokenPair>, vocabSize: number): NgramModel {
  const counts = new Float64Array(vocabSize).fill(1);
  let total = vocabSize;
  for (const { next } of training) {
    counts[next] = (counts[next] as number) + 1;
    total++;
  }
  return modelOf(({ next }) => (counts[next] as number) / total);
}

/**
 * Interpolated Kneser-Ney with one discount, estimated from the counts of counts: n1 / (n1 + 2 n2),
 * or one half where nothing occurred just once. Its lower order
 * counts in how many contexts a token occurs, mixed with the uniform distribution so that no token has zero.
 */
export function bigramModel(training: Iterable<TokenPair>, vocabSize: number): NgramModel {
  const pairs = new Map<number, number>();
  const contexts = new Float64Array(vocabSize);
  for (const { previous, next } of training) {
    const key = previous * vocabSize + next;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
    contexts[previous] = (contexts[previous] as number) + 1;
  }
  const followers = new Float64Array(vocabSize);
  const continuations = new Float64Array(vocabSize);
  let once = 0;
  let twice = 0;
  for (const [key, count] of pairs) {
    const previous = Math.floor(key / vocabSize);
    followers[previous] = (followers[previous] as number) + 1;
    continuations[key % vocabSize] = (continuations[key % vocabSize] as number) + 1;
    if (count === 1) once++;
    if (count === 2) twice++;
  }
  const discount = once > 0 ? once / (once + 2 * twice) : 0.5;
  const kinds = continuations.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
  const lower = (next: number) => {
    const seen = Math.max((continuations[next] as number) - discount, 0);
    return pairs.size === 0 ? 1 / vocabSize : (seen + discount * (kinds / vocabSize)) / pairs.size;
  };
  return modelOf(({ previous, next }) => {
    const context = contexts[previous] as number;
    if (context === 0) return lower(next);
    const count = pairs.get(previous * vocabSize + next) ?? 0;
    const kept = Math.max(count - discount, 0) / context;
    return kept + ((discount * (followers[previous] as number)) / context) * lower(next);
  });
}

function modelOf(probability: (pair: TokenPair) => number): NgramModel {
  return {
    loss(tokens) {
      let sum = 0;
      let count = 0;
      for (const pair of tokens) {
        sum -= Math.log(probability(pair));
        count++;
      }
      return sum / count;
    },
  };
}
