/** The training step in PyTorch, on the CPU or on CUDA; the weights travel as a safetensors file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeSafetensors } from '../io/safetensors';
import { startPython } from './python-process';
import type { StepImplementation, StepProblem } from './step-problem';

export interface TorchOptions {
  readonly device: 'cpu' | 'cuda';
  /** bf16, tf32: products only; weights, gradients and moments stay f32. */
  readonly precision: 'f32' | 'tf32' | 'bf16';
  /** Through torch.compile. */
  readonly compiled?: boolean;
}

/** Undefined, with the reason printed, where PyTorch or its device is not there. */
export async function torchStep(problem: StepProblem, options: TorchOptions): Promise<StepImplementation | undefined> {
  const python = startPython('step-torch.py');
  if (!python) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-'));
  try {
    const weights = join(folder, 'model.safetensors');
    await writeFile(weights, serializeSafetensors(problem.weights, { dtype: 'F32' }));
    const { config, batch, length, learningRate } = problem;
    const request = { config, batch, length, learningRate, weights, tokens: [...problem.tokens], ...options };
    const { version, blas, card, missing } = await python.ask(JSON.stringify(request));
    if (missing) {
      console.log(`PyTorch on ${options.device}, ${options.precision}: ${missing}, left out.`);
      python.close();
      return undefined;
    }
    const { precision, compiled } = options;
    const where = card ? `${card}, ${precision}${compiled ? ', compiled' : ''}` : `1 thread, ${precision} (${blas})`;
    return {
      name: `PyTorch ${version}, ${where}`,
      run: () => python.ask('run'),
      multiply: (size, times) => python.ask(JSON.stringify({ size, times })),
      close: python.close,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
