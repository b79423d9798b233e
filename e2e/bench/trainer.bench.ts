/**
 * A training step (forward, backward, AdamW) of whole models: on one CPU thread ours, tfjs, jax-js and PyTorch; on one
 * WebGPU adapter in Chromium ours, tfjs and jax-js; on a real GPU with CUDA also PyTorch. Rounds are paired.
 *   npm run bench trainer -- [--models=15M,135M] [--rounds=3] [--relaxed] [--only=cpu,gpu]
 *                            [--batch=4] [--length=128] [--gpu-batch=4] [--gpu-length=128] [--gpu-rounds=3] [--software]
 *                            [--layers=6] [--against=PyTorch,tfjs,jax-js]
 * --layers cuts the models' depth: tfjs and jax-js cannot hold all of 135M on wasm, and a few layers tell as much.
 * Without it a deep model comes twice on the CPU: cut, on half the batch, so that everybody takes part, then whole.
 * --software takes Chromium's emulated adapter where a real one is there, too. On it few tokens and layers are the
 * default, and two rounds: what it shows is how the implementations compare where arithmetic is slow, not a GPU's speed.
 */
import { cpus } from 'node:os';
import { fastestBuild } from '../../trainer/backends/wasm/load-kernels';
import { createWasmBackend } from '../../trainer/backends/wasm/wasm-backend';
import { compareSteps } from '../../trainer/bench/compare-steps';
import { jaxStep } from '../../trainer/bench/step-jax';
import { MODELS, makeStepProblem, type StepImplementation, type StepProblem } from '../../trainer/bench/step-problem';
import { projectStep } from '../../trainer/bench/step-project';
import { tfjsStep } from '../../trainer/bench/step-tfjs';
import { torchStep } from '../../trainer/bench/step-torch';
import { startTfjs, tfjsName } from '../../trainer/bench/tfjs-setup';
import type { ModelConfig } from '../../trainer/model/config';
import { parameterCount } from '../../trainer/model/parameters';
import { openStepsPage, PAGE_CONTESTANTS, type StepsPage } from './steps-page';

const flag = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const number = (name: string, fallback: number) => Number(flag(name) ?? fallback);
const rounds = number('rounds', 3);
/** Layers of a deep model that everybody can hold. */
const CUT = 6;
const against = (flag('against') ?? 'PyTorch,tfjs,jax-js').split(',');
const parts = (flag('only') ?? 'cpu,gpu').split(',');
const models = (flag('models') ?? Object.keys(MODELS).join()).split(',').map((name) => {
  const config = MODELS[name];
  if (!config) throw new Error(`There is no model "${name}". Known: ${Object.keys(MODELS).join(', ')}.`);
  return { name, config };
});

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}`);
if (fastestBuild() === 'simd') console.log('This Node has relaxed SIMD behind a flag, if at all: --relaxed sets it.');
for (const { name, config } of models) {
  if (!parts.includes('cpu')) continue;
  const whole = number('layers', config.layers);
  // First what everybody can hold: whoever has run out of memory may not give it back.
  if (whole > CUT && flag('layers') === undefined) await onOneThread(name, { ...config, layers: CUT }, 2);
  await onOneThread(name, { ...config, layers: whole }, 4);
}
if (parts.includes('gpu')) await onOneAdapter();

function title(model: string, { config, batch, length }: StepProblem, where: string): void {
  const size = `${config.layers} layers, ${(parameterCount(config) / 1e6).toFixed(0)}M parameters`;
  console.log(`\n## ${model} on ${where}: ${size}, ${batch} x ${length} tokens a step\n`);
}

async function onOneThread(model: string, config: ModelConfig, batch: number): Promise<void> {
  const problem = makeStepProblem(config, number('batch', batch), number('length', 128));
  title(model, problem, 'one CPU thread');
  const implementations: StepImplementation[] = [
    projectStep(await createWasmBackend({ build: 'simd' }), 'ours, wasm SIMD', problem),
  ];
  if (fastestBuild() === 'relaxed-simd') {
    implementations.push(projectStep(await createWasmBackend(), 'ours, wasm relaxed SIMD', problem));
  }
  if (against.includes('PyTorch')) {
    const torch = await torchStep(problem, { device: 'cpu', precision: 'f32' });
    if (torch) implementations.push(torch);
  }
  if (against.includes('tfjs')) {
    await startTfjs();
    implementations.push(tfjsStep(problem, `${tfjsName}, wasm SIMD`));
  }
  if (against.includes('jax-js')) implementations.push(await jaxStep(problem, 'wasm', 'jax-js 0.1, wasm'));
  await compareSteps(implementations, {
    problem,
    rounds,
    clock: 'cpuMs',
    products: { sizes: [512, 1024], times: 1 },
    bases: ['ours, wasm SIMD', 'ours, wasm relaxed SIMD', 'PyTorch'],
  });
}

async function onOneAdapter(): Promise<void> {
  const page = await openStepsPage({ software: process.argv.includes('--software') });
  if (!page) return console.log('\nWebGPU: Chromium has no adapter here, not even an emulated one; left out.');
  try {
    for (const { name, config } of models) {
      // tfjs takes minutes for a step of 135M there even so.
      const most = page.software && config.layers > CUT ? 2 : config.layers;
      await onAdapter(page, name, { ...config, layers: number('layers', most) });
    }
  } finally {
    await page.close();
  }
}

async function onAdapter(page: StepsPage, model: string, config: ModelConfig): Promise<void> {
  const few = page.software ? { batch: 1, length: parameterCount(config) > 30e6 ? 16 : 32, rounds: 2 } : null;
  const [batch, length] = [number('gpu-batch', few?.batch ?? 4), number('gpu-length', few?.length ?? 128)];
  const problem = makeStepProblem(config, batch, length);
  title(model, problem, page.adapter);
  const implementations: StepImplementation[] = [];
  for (const kind of PAGE_CONTESTANTS.filter((kind) => kind === 'ours' || against.includes(kind))) {
    try {
      implementations.push(await page.start(kind, config, batch, length));
    } catch (error) {
      console.log(`${kind} left out: ${String(error).split('\n')[0]}\n`);
    }
  }
  const cuda = !page.software && against.includes('PyTorch');
  if (page.software) console.log('PyTorch on a GPU: Chromium finds none here, left out.\n');
  for (const precision of cuda ? (['f32', 'bf16'] as const) : []) {
    const torch = await torchStep(problem, { device: 'cuda', precision });
    if (torch) implementations.push(torch);
  }
  await compareSteps(implementations, {
    problem,
    rounds: number('gpu-rounds', few?.rounds ?? rounds),
    clock: 'wallMs',
    products: page.software ? { sizes: [512], times: 1 } : { sizes: [2048, 4096], times: 4 },
    bases: ['ours', 'PyTorch'],
    tolerance: (name) => (name.includes('bf16') ? 2e-2 : 2e-3),
  });
}
