/**
 * How long real tokenizers take to load, and to encode, beside the Rust library that Python uses.
 *   npm run bench tokenizer -- [--rounds=3]
 */
import { Tokenizer as RustTokenizer } from '@anush008/tokenizers';
import { generatedTexts } from '../fixtures/generated-texts';
import { readRealTokenizer, realTokenizerNames } from '../fixtures/real-tokenizers';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { median, timed } from './timing';

const asked = process.argv.find((argument) => argument.startsWith('--rounds='))?.slice('--rounds='.length);
const rounds = Number(asked ?? 3);
const texts = [...generatedTexts(1, 1000)];
const seconds = (ms: number) => (ms / 1000).toFixed(2);

/** CPU time, which means the same on a busy machine. */
async function msOf(work: () => Promise<void> | void): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await timed(work)).cpuMs);
  return median(times);
}

for (const name of realTokenizerNames) {
  const { text, tokenizerConfig } = readRealTokenizer(name);
  const parse = await msOf(() => void JSON.parse(text));
  const tokenizer = JSON.parse(text);
  const load = await msOf(() => void loadTokenizer(tokenizer, tokenizerConfig));
  const rustLoad = await msOf(() => void RustTokenizer.fromString(text));
  const ours = loadTokenizer(tokenizer, tokenizerConfig);
  const rust = RustTokenizer.fromString(text);
  const encode = await msOf(() => texts.forEach((one) => void ours.encode(one)));
  const rustEncode = await msOf(async () => {
    for (const one of texts) (await rust.encode(one, null, { addSpecialTokens: false })).getIds();
  });
  console.log(
    `${name}: parsed in ${seconds(parse)} s, loaded in ${seconds(load)} s (Rust: both in ${seconds(rustLoad)} s); ` +
      `${texts.length} texts encoded in ${seconds(encode)} s (Rust: ${seconds(rustEncode)} s)`,
  );
}
