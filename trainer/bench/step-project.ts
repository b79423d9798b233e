/** A training step on this project's trainer, whatever the backend: of the whole model, or of an adapter. */
import type { Backend, Tensor } from '../backends/backend';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { type Packing, packPrompts } from '../data/pack';
import { blockLoss } from '../loss/block-loss';
import { backward, forward } from '../model/llama';
import { mixedPrecision } from '../model/mixed-precision';
import { createModel } from '../model/model';
import { Optimizer } from '../train/optimizer';
import { prepareModel } from '../train/train';
import { parseTrainConfig } from '../train/train-config';
import { asPrompts, type StepImplementation, type StepProblem } from './step-problem';
import { timed } from './timing';

const lossOptions = { alpha: 0, margin: 0, reduction: 'sum' } as const;

export interface ProjectStepOptions {
  readonly prompts?: readonly EncodedPrompt[];
  readonly packing?: Packing;
  /** Train an adapter of this rank on all layers. Absent: the whole model. */
  readonly loraRank?: number;
  readonly mixed?: boolean;
  /** Prompts that go through the model at once. Default: all of them. */
  readonly blockPrompts?: number;
}

export function projectStep(
  backend: Backend,
  name: string,
  problem: StepProblem,
  options: ProjectStepOptions = {},
): StepImplementation {
  const { prompts = asPrompts(problem), packing = 'naive', loraRank, blockPrompts = prompts.length } = options;
  const { config, weights } = problem;
  const base = createModel({ config, weights, backend, frozen: loraRank !== undefined });
  const model = prepareModel(base, parseTrainConfig({ loraRank }));
  const mixed = options.mixed ? mixedPrecision(model) : null;
  const passes = mixed?.passes ?? model;
  const adam = { weightDecay: 0, clipNorm: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const optimizer = new Optimizer(model, adam);
  return {
    name,
    async run() {
      let loss = 0;
      const timing = await timed(async () => {
        optimizer.zeroGradients();
        loss = 0;
        for (let first = 0; first < prompts.length; first += blockPrompts) {
          const group = prompts.slice(first, first + blockPrompts);
          const block = packPrompts(group, { packing });
          const { logProb } = forward(passes, block, { keep: true });
          const logProbs = await backend.read(logProb, 0, block.targets.length);
          const { losses, coefficients } = blockLoss(group, block, logProbs, lossOptions, 1 / prompts.length);
          backward(passes, block, coefficients, optimizer.gradients);
          loss += losses.reduce((sum, each) => sum + each.sft, 0) / prompts.length;
        }
        await optimizer.step(problem.learningRate);
        mixed?.refresh();
      });
      return { ...timing, loss };
    },
    async multiply(size, times) {
      const [a, b, c] = [0, 1, 2].map(() => backend.alloc(size * size)) as [Tensor, Tensor, Tensor];
      for (const x of [a, b]) backend.fill(x, 1 / size);
      await backend.read(a, 0, 1);
      const timing = await timed(async () => {
        for (let i = 0; i < times; i++)
          backend.matmul({ form: 'nt', out: c, a, b, rows: size, columns: size, inner: size });
        await backend.read(c, 0, 1);
      });
      for (const x of [a, b, c]) backend.free(x);
      return timing;
    },
    close() {
      optimizer.dispose();
      mixed?.dispose();
      model.dispose();
    },
  };
}
