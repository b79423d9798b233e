/**
 * When texts say almost the same: MinHash estimates the Jaccard similarity of their shingles, runs of three words. The
 * hashes are fixed, so the same texts have the same estimate everywhere. See docs/snapshots.md.
 */
import { foldedText } from '@/trainer/data/response-text';

const SHINGLE_WORDS = 3;
/** Hashes of a signature, in bands of so many rows; texts of similarity 0.7 share a band with a probability of 0.99. */
export const SIGNATURE_LENGTH = 64;
const ROWS = 4;
export const BANDS = SIGNATURE_LENGTH / ROWS;
/** Texts whose estimated similarity is at least this are near-equal. */
export const NEAR = 0.7;
/** What comes after these characters of a text is not looked at. */
const MAX_CHARACTERS = 20_000;

/** Texts that differ only in white space, letter case and compatible forms of characters become equal. */
export const comparableText = (text: string): string => foldedText(text.normalize('NFKC').toLowerCase());

/** Scripts that put no space between words: each character counts as one. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

function wordsOf(text: string): string[] {
  const runs = text.slice(0, MAX_CHARACTERS).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return runs.flatMap((run) => (UNSPACED.test(run) ? [...run] : [run]));
}

/** Fowler, Noll and Vo's hash, FNV-1a, over UTF-16 units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}

/** A finaliser that spreads each bit over all: MurmurHash3's. */
function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const SALTS = Uint32Array.from({ length: SIGNATURE_LENGTH }, (_, i) => mixed(0x9e3779b9 * (i + 1)));

/** The signature of a comparable text; null where it has no word. */
export function signatureOf(text: string): Uint32Array | null {
  const words = wordsOf(text).map(hashOf);
  if (words.length === 0) return null;
  const signature = new Uint32Array(SIGNATURE_LENGTH).fill(0xffffffff);
  const last = Math.max(1, words.length - SHINGLE_WORDS + 1);
  for (let start = 0; start < last; start++) {
    let shingle = 0;
    for (let i = start; i < Math.min(start + SHINGLE_WORDS, words.length); i++) {
      shingle = Math.imul(shingle, 0x01000193) + words[i]!;
    }
    for (let i = 0; i < SIGNATURE_LENGTH; i++) {
      const hash = mixed(shingle ^ SALTS[i]!);
      if (hash < signature[i]!) signature[i] = hash;
    }
  }
  return signature;
}

/** The estimated similarity of the texts whose signatures begin at these places. */
export function similarityAt(signatures: Uint32Array, a: number, b: number): number {
  let equal = 0;
  for (let i = 0; i < SIGNATURE_LENGTH; i++) if (signatures[a + i] === signatures[b + i]) equal++;
  return equal / SIGNATURE_LENGTH;
}

/** One number for a band of the signature that begins there; near-equal texts share at least one band's. */
export function bandAt(signatures: Uint32Array, start: number, band: number): number {
  let hash = band;
  for (let row = 0; row < ROWS; row++) hash = mixed(hash ^ signatures[start + band * ROWS + row]!);
  return hash;
}
