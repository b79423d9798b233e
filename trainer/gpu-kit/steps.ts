/** Whole training steps: how long, with which losses, and on which kernels the GPU spends its time. */
import { DispatchTimer } from '../backends/webgpu/dispatch-timer';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { MODELS, makeStepProblem, type StepImplementation, type StepProblem, stepFlops } from '../bench/step-problem';
import { type ProjectStepOptions, projectStep } from '../bench/step-project';
import { torchStep } from '../bench/step-torch';
import { median } from '../bench/timing';
import type { BenchDevice } from './bench-device';
import type { Cell, Table } from './report';

const STEPS = 6;

export function stepProblem({ software }: BenchDevice): StepProblem {
  if (!software) return makeStepProblem(MODELS['135M']!, 4, 512);
  const small = { vocabSize: 512, dim: 64, hiddenDim: 128, layers: 2, heads: 4, kvHeads: 2, headDim: 16 };
  return makeStepProblem({ ...MODELS['15M']!, ...small }, 2, 16);
}

const KINDS: readonly (ProjectStepOptions & { readonly name: string })[] = [
  { name: 'whole model, f32' },
  { name: 'whole model, mixed', mixed: true },
  { name: 'whole model, mixed, one prompt at a time', mixed: true, blockPrompts: 1 },
  { name: 'LoRA of rank 16, f32', loraRank: 16 },
  { name: 'LoRA of rank 16, mixed', loraRank: 16, mixed: true },
];

interface Measured {
  readonly row: readonly Cell[];
  readonly losses: readonly number[];
}

async function measureStep(
  step: StepImplementation,
  problem: StepProblem,
  steps: number,
  dispatches: () => number,
): Promise<Measured> {
  const losses = [(await step.run()).loss];
  const before = dispatches();
  const times: number[] = [];
  for (let i = 1; i < steps; i++) {
    const { wallMs, loss } = await step.run();
    times.push(wallMs);
    losses.push(loss);
  }
  const milliseconds = median(times);
  const perStep = (dispatches() - before) / (steps - 1);
  const rate = stepFlops(problem) / milliseconds / 1e9;
  const short = [losses[0]!, losses.at(-1)!].map((loss) => loss.toFixed(4)).join(' -> ');
  return { row: [step.name, milliseconds, rate, perStep || null, short], losses };
}

export interface MeasureStepsOptions {
  /** Only these kinds. Default: all. */
  readonly named?: readonly string[];
  readonly matrixUnits?: boolean;
}

export async function measureSteps(
  bench: BenchDevice,
  problem: StepProblem,
  { named, matrixUnits }: MeasureStepsOptions,
): Promise<Table[]> {
  const { device, software } = bench;
  const on = matrixUnits ? ' on matrix units' : '';
  const rows: (readonly Cell[])[] = [];
  const profiles: Table[] = [];
  const timed = device.features.has('timestamp-query');
  const kinds = software ? KINDS.slice(0, 1) : KINDS.filter(({ name }) => !named || named.includes(name));
  for (const { name, ...kind } of kinds) {
    const backend = await createWebGpuBackend({ device, matrixUnits });
    const step = projectStep(backend, name, problem, kind);
    rows.push((await measureStep(step, problem, software ? 2 : STEPS, () => backend.dispatches)).row);
    step.close();
    backend.dispose();
    if (!timed || kind.blockPrompts) continue;
    const timer = new DispatchTimer(device);
    const slow = await createWebGpuBackend({ device, timer, matrixUnits });
    const again = projectStep(slow, name, problem, kind);
    await again.run();
    await timer.take();
    await again.run();
    const times = await timer.take();
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    profiles.push({
      title: `GPU time of a step${on} by kernel: ${name}, ${total.toFixed(1)} ms in all`,
      head: ['kernel', 'dispatches', 'ms', 'share, %'],
      rows: times
        .slice(0, 24)
        .map(({ kernel, dispatches, milliseconds }) => [
          kernel,
          String(dispatches),
          milliseconds,
          (100 * milliseconds) / total,
        ]),
    });
    again.close();
    slow.dispose();
    timer.dispose();
  }
  const head = ['step', 'ms', 'TFLOP/s', 'dispatches', 'losses'];
  const title = `Training steps${on}, ${problem.batch} x ${problem.length} tokens`;
  return [{ title, head, rows }, ...profiles];
}

const TORCH = [{ precision: 'f32' }, { precision: 'tf32' }, { precision: 'bf16' }] as const;

/** PyTorch on the same card with the same weights; null where there is none. */
export async function measureTorch(problem: StepProblem, secondsLeft: () => number): Promise<Table | null> {
  const rows: (readonly Cell[])[] = [];
  for (const options of TORCH) {
    if (secondsLeft() < ('compiled' in options ? 60 : 15)) continue;
    const step = await torchStep(problem, { device: 'cuda', ...options }).catch((error: Error) => {
      console.log(`PyTorch, ${JSON.stringify(options)}: ${error.message}`);
      return undefined;
    });
    if (!step) continue;
    const { row } = await measureStep(step, problem, STEPS, () => 0);
    const { wallMs } = await step.multiply(4096, 10);
    rows.push([...row, (10 * 2 * 4096 ** 3) / wallMs / 1e9]);
    step.close();
  }
  if (rows.length === 0) return null;
  return {
    title: 'The same step in PyTorch',
    head: ['step', 'ms', 'TFLOP/s', 'dispatches', 'losses', '4096 cubed, TFLOP/s'],
    rows,
  };
}
