/** Prompts that stand in more than one split, equal or almost: what is measured on them was seen in training. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { type SplitLeaks, splitNameSchema } from '../schemas/snapshot-contents';
import { excerptOf } from './excerpt';
import { BANDS, bandAt, comparableText, NEAR, signatureOf, similarityAt } from './near-texts';

const SPLITS = splitNameSchema.options;
/** The pairs of splits, by their places in SPLITS. What the first holds should be new to the second. */
const BETWEEN = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

const EXAMPLES = 10;
/** Of prompts that share a band, those of a split with which others are compared: templates share bands by thousands. */
const COMPARED_PER_BAND = 4;

/** Numbers that are added one by one, without an object for each. */
class Numbers<T extends Float64Array | Uint32Array> {
  #array: T;
  #length = 0;
  constructor(private readonly make: (length: number) => T) {
    this.#array = make(1024);
  }
  add(...values: number[]): void {
    if (this.#length + values.length > this.#array.length) {
      const grown = this.make(2 * this.#array.length);
      grown.set(this.#array);
      this.#array = grown;
    }
    this.#array.set(values, this.#length);
    this.#length += values.length;
  }
  get values(): T {
    return this.#array.subarray(0, this.#length) as T;
  }
}

interface Kept {
  id: string;
  excerpt: string;
  /** In SPLITS. */
  split: number;
  /** Of its comparable text. */
  hash: number;
  /** Where its signature begins; -1 for a text without words. */
  signature: number;
}

/**
 * Takes time in proportion to n log n of n prompts, and memory for the first `nearLimit` of them; of each that comes
 * after, eight bytes, by which equal texts are found.
 */
export class LeakCheck {
  readonly #hashes = new Numbers((length) => new Float64Array(length));
  readonly #signatures = new Numbers((length) => new Uint32Array(length));
  readonly #kept: Kept[] = [];
  #prompts = 0;

  constructor(private readonly nearLimit = 200_000) {}

  add({ id, prompt, documents = [], split: name = 'train' }: SnapshotRecord): void {
    const split = SPLITS.indexOf(name);
    const said = [...prompt.map(({ content }) => content), ...documents.map(({ text }) => text)];
    const text = comparableText(said.join('\n'));
    const hash = hashOf(text);
    this.#hashes.add(keyOf(hash, split));
    if (this.#prompts++ >= this.nearLimit) return;
    const signature = signatureOf(text);
    const start = signature ? this.#signatures.values.length : -1;
    if (signature) this.#signatures.add(...signature);
    this.#kept.push({ id, excerpt: excerptOf(prompt), split, hash, signature: start });
  }

  /** @param pause is awaited between steps, each of some tens of milliseconds at most */
  async report(pause: () => Promise<void>): Promise<SplitLeaks> {
    const sorted = this.#hashes.values.slice().sort();
    await pause();
    const equal = BETWEEN.map(() => 0);
    const leaking = new Map<number, Set<number>>();
    for (let start = 0; start < sorted.length; ) {
      const hash = Math.floor(sorted[start]! / 4);
      const counts = SPLITS.map(() => 0);
      for (; start < sorted.length && Math.floor(sorted[start]! / 4) === hash; start++) counts[sorted[start]! % 4]!++;
      BETWEEN.forEach(([first, second], at) => {
        if (counts[first]! > 0 && counts[second]! > 0) equal[at]! += counts[second]!;
      });
      const present = SPLITS.flatMap((_, split) => (counts[split]! > 0 ? [split] : []));
      if (present.length > 1) leaking.set(hash, new Set(present));
    }
    const near = await this.#near(leaking, pause);
    return {
      between: BETWEEN.map(([first, second], at) => ({
        splits: [SPLITS[first]!, SPLITS[second]!],
        equal: equal[at]!,
        near: near.counts[at]!,
      })),
      examples: [...this.#equalExamples(leaking), ...near.examples].slice(0, 2 * EXAMPLES),
      comparedForNear: this.#prompts > this.nearLimit ? this.nearLimit : null,
    };
  }

  #equalExamples(leaking: ReadonlyMap<number, ReadonlySet<number>>): SplitLeaks['examples'] {
    const first = new Map<number, Kept>();
    const examples: SplitLeaks['examples'] = [];
    for (const prompt of this.#kept) {
      if (!leaking.has(prompt.hash)) continue;
      const other = first.get(prompt.hash);
      if (!other) first.set(prompt.hash, prompt);
      else if (other.split !== prompt.split) {
        examples.push(exampleOf(other, prompt, 1));
        if (examples.length === EXAMPLES) break;
      }
    }
    return examples;
  }

  async #near(equal: ReadonlyMap<number, ReadonlySet<number>>, pause: () => Promise<void>) {
    const kept = this.#kept;
    const signatures = this.#signatures.values;
    const counts = BETWEEN.map(() => 0);
    const found = BETWEEN.map(() => new Uint8Array(kept.length));
    const examples: SplitLeaks['examples'] = [];
    const texts = kept.flatMap(({ signature }, at) => (signature < 0 ? [] : [at]));
    const size = kept.length + 1;
    for (let band = 0; band < BANDS; band++) {
      await pause();
      const keys = Float64Array.from(texts, (at) => bandAt(signatures, kept[at]!.signature, band) * size + at).sort();
      for (let start = 0; start < keys.length; ) {
        const hash = Math.floor(keys[start]! / size);
        let end = start;
        while (end < keys.length && Math.floor(keys[end]! / size) === hash) end++;
        const sharing = end - start > 1 ? Array.from(keys.subarray(start, end), (key) => key % size) : [];
        start = end;
        BETWEEN.forEach(([first, second], pair) => {
          const seen = sharing.filter((at) => kept[at]!.split === first).slice(0, COMPARED_PER_BAND);
          if (seen.length === 0) return;
          for (const at of sharing) {
            const prompt = kept[at]!;
            if (prompt.split !== second || found[pair]![at] || equal.get(prompt.hash)?.has(first)) continue;
            for (const other of seen) {
              const similarity = similarityAt(signatures, kept[other]!.signature, prompt.signature);
              if (similarity < NEAR) continue;
              found[pair]![at] = 1;
              counts[pair]!++;
              if (examples.length < EXAMPLES) examples.push(exampleOf(kept[other]!, prompt, similarity));
              break;
            }
          }
        });
      }
    }
    return { counts, examples: examples.sort((a, b) => b.similarity - a.similarity) };
  }
}

const exampleOf = (a: Kept, b: Kept, similarity: number): SplitLeaks['examples'][number] => {
  const [first, second] = a.split < b.split ? [a, b] : [b, a];
  const named = ({ id, split, excerpt }: Kept) => ({ id, split: SPLITS[split]!, excerpt });
  return { similarity, prompts: [named(first), named(second)] };
};

/** 51 bits of the SHA-256, which leave room for the split beside them in an exact number. */
const hashOf = (text: string): number =>
  Math.floor(Number.parseInt(bytesToHex(sha256(utf8ToBytes(text)).slice(0, 7)).slice(0, 13), 16) / 2);
const keyOf = (hash: number, split: number): number => hash * 4 + split;
