/**
 * What a LoRA step really takes of memory, against what is estimated before it starts.
 *   npm run bench memory -- [--model=135M] [--tokens=1024] [--rank=16] [--backend=wasm|webgpu] [--steps=2]
 *     [--precision=f32|mixed]
 * Three counts: live tensors, which the estimate names; what was taken from the engine for them (linear memory or GPU
 * buffers, which only grow, so that this is a high-water mark); and what the process grew by, garbage collected.
 */

import type { Backend } from '../backends/backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { nodeGpu } from '../backends/webgpu/node-gpu';
import { findSoftwareDriver } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import type { MemoryEstimate } from '../contract/run-event';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { seededRandom } from '../data/seeded-random';
import { collectGarbage } from '../fixtures/collect-garbage';
import type { ModelConfig } from '../model/config';
import { createRandomModel } from '../model/model';
import { describeMemory, mebibytes } from '../train/memory';
import { prepareModel, trainPrompts } from '../train/train';
import { parseTrainConfig } from '../train/train-config';
import { MODELS } from './step-problem';

const flag = (name: string, fallback: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const [modelName, kind] = [flag('model', '135M'), flag('backend', 'wasm')];
const precision = flag('precision', 'f32');
const [tokens, rank, steps] = [Number(flag('tokens', '1024')), Number(flag('rank', '16')), Number(flag('steps', '2'))];

interface Measured extends Backend {
  readonly bytesReserved: number;
}

async function makeBackend(): Promise<Measured> {
  if (kind === 'wasm') return createWasmBackend();
  const gpu = (await nodeGpu()) ?? (await emulatedGpu());
  if (!gpu) throw new Error('there is no WebGPU here, and no driver that emulates it');
  return createWebGpuBackend({ gpu, allowSoftware: true });
}

/** How much memory is taken does not depend on who computes. */
function emulatedGpu(): Promise<GPU | null> {
  process.env.VK_ICD_FILENAMES ??= findSoftwareDriver() ?? '';
  return nodeGpu();
}

function resident(): number {
  collectGarbage();
  return process.memoryUsage().rss;
}

/** A prompt and four responses that together fill a block of `tokens` rows. */
function promptOf(config: ModelConfig, seed: number): EncodedPrompt {
  const random = seededRandom(seed);
  const ids = (count: number) => Array.from({ length: count }, () => Math.floor(random() * config.vocabSize));
  // The last token of a response is predicted, not read: it takes no row.
  const length = Math.floor(tokens / 8);
  const responses = [0, 1, 2, 3].map((i) => ({ id: String(i), ids: ids(length + 1), lengthExponent: 1 }));
  const pairs = [1, 2, 3].map((rejected) => ({ chosen: 0, rejected }));
  return { id: String(seed), promptIds: ids(tokens - 4 * length), responses, pairs, target: 0 };
}

async function measure(config: ModelConfig): Promise<void> {
  const before = resident();
  const backend = await makeBackend();
  const train = parseTrainConfig({ epochs: 1, batchSize: 1, heldOutFraction: 0, loraRank: rank, precision });
  const model = prepareModel(createRandomModel(config, { backend, seed: 1 }), train);
  const prompts = Array.from({ length: steps }, (_, i) => promptOf(config, i + 1));
  let estimate: MemoryEstimate | undefined;
  let live = 0;
  let grown = 0;
  let rows = 0;
  await trainPrompts({
    model,
    prompts,
    config: train,
    onMemory: (found) => {
      estimate = found;
    },
    onMetric: (metric) => {
      rows = metric.tokens;
      live = Math.max(live, backend.bytesInUse);
      grown = Math.max(grown, resident() - before);
    },
  });
  const { total } = estimate!;
  console.log(
    `${modelName}, LoRA of rank ${rank}, ${precision}, ${rows} tokens a step, ${steps} steps, ${backend.description}`,
  );
  console.log(`Estimate: ${describeMemory(estimate!)}\n`);
  console.log('| | bytes | measured / estimated |\n|---|---:|---:|');
  const line = (name: string, bytes: number) =>
    console.log(`| ${name} | ${mebibytes(bytes)} | ${(bytes / total).toFixed(3)} |`);
  line('estimated', total);
  line('live tensors', live);
  line(kind === 'wasm' ? 'linear memory, high-water mark' : 'GPU buffers, high-water mark', backend.bytesReserved);
  line('resident memory of the process, grown by', grown);
  model.dispose();
  backend.dispose();
}

const config = MODELS[modelName];
if (!config) throw new Error(`There is no model "${modelName}". Known: ${Object.keys(MODELS).join(', ')}.`);
await measure(config);
