/**
 * What sharing a prompt among its responses saves.
 *   npm run bench prefix -- [--rounds=5] [--responses=2000] [--relaxed]
 * Part one: a training step on a prompt of 1,024 tokens with 5 responses of 48, shared against naive packing, paired.
 * Part two: responses of about 60 tokens scored by the demo model, the same way.
 */
import { fileURLToPath } from 'node:url';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import type { EncodedPrompt } from '../data/encoded-prompt';
import type { Packing } from '../data/pack';
import { seededRandom } from '../data/seeded-random';
import { scorePrompts } from '../infer/score-records';
import { readModelFolder } from '../io/model-folder';
import { loadModel } from '../model/model';
import { MODELS, makeStepProblem } from './step-problem';
import { projectStep } from './step-project';
import { median, timed } from './timing';

const flag = (name: string, fallback: number) =>
  Number(process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
const rounds = flag('rounds', 5);
const packings: readonly Packing[] = ['shared', 'naive'];

/** One prompt with its responses, all of random tokens. */
function randomPrompt(
  id: number,
  vocabSize: number,
  promptLength: number,
  responses: number,
  length: number,
): EncodedPrompt {
  const random = seededRandom(id + 1);
  const ids = (count: number) => Array.from({ length: count }, () => Math.floor(random() * vocabSize));
  return {
    id: String(id),
    promptIds: ids(promptLength),
    responses: Array.from({ length: responses }, (_, i) => ({ id: String(i), ids: ids(length), lengthExponent: 1 })),
    pairs: Array.from({ length: responses - 1 }, (_, i) => ({ chosen: 0, rejected: i + 1 })),
    target: 0,
  };
}

async function steps(): Promise<void> {
  const config = MODELS['15M']!;
  const prompts = [randomPrompt(0, config.vocabSize, 1024, 5, 48)];
  const problem = makeStepProblem(config);
  const implementations = await Promise.all(
    packings.map(async (packing) => projectStep(await createWasmBackend(), packing, problem, { prompts, packing })),
  );
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? implementations : [...implementations].reverse();
    const times = new Map<string, number>();
    for (const implementation of order) times.set(implementation.name, (await implementation.run()).cpuMs);
    if (round >= 0) ratios.push(times.get('shared')! / times.get('naive')!);
  }
  for (const implementation of implementations) implementation.close();
  console.log(
    `15M model, prompt of 1,024 tokens, 5 responses of 48: a shared step takes ${percent(median(ratios))} of a naive one`,
  );
}

async function scoring(): Promise<void> {
  const responses = flag('responses', 2000);
  const folder = fileURLToPath(new URL('../../public/models/demo', import.meta.url));
  const backend = await createWasmBackend();
  const model = await loadModel(await readModelFolder(folder), backend);
  const prompts = Array.from({ length: responses / 5 }, (_, i) => randomPrompt(i, model.config.vocabSize, 120, 5, 60));
  const times = new Map<Packing, number>();
  for (const packing of packings) {
    const { cpuMs } = await timed(async () => void (await scorePrompts(model, prompts, { packing })));
    times.set(packing, cpuMs);
    const rate = (1000 * responses) / cpuMs;
    console.log(
      `demo model, ${responses} responses of 60 tokens to prompts of 120, ${packing}: ${rate.toFixed(0)} responses/s`,
    );
  }
  console.log(`shared takes ${percent(times.get('shared')! / times.get('naive')!)} of naive`);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

await steps();
await scoring();
