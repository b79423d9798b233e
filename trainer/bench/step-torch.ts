/** The training step in PyTorch; the weights travel as a safetensors file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeSafetensors } from '../io/safetensors';
import { startPython } from './python-process';
import type { StepContestant, StepProblem } from './step-problem';

/** Undefined, with the reason printed, where PyTorch is not installed. */
export async function torchStep(problem: StepProblem): Promise<StepContestant | undefined> {
  const python = startPython('step-torch.py');
  if (!python) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'rescue-bench-'));
  try {
    const weights = join(folder, 'model.safetensors');
    await writeFile(weights, serializeSafetensors(problem.weights, { dtype: 'F32' }));
    const { config, batch, length, learningRate } = problem;
    const request = { config, batch, length, learningRate, weights, tokens: [...problem.tokens] };
    const { version, blas } = await python.ask(JSON.stringify(request));
    return { name: `PyTorch ${version}, 1 thread (${blas})`, run: () => python.ask('run'), close: python.close };
  } finally {
    await rm(folder, { recursive: true });
  }
}
