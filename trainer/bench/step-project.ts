/** A training step on this project's trainer, whatever the backend. */
import type { Backend, Tensor } from '../backends/backend';
import { type Packing, packPrompts } from '../data/pack';
import { blockLoss } from '../loss/block-loss';
import { backward, forward } from '../model/llama';
import { createModel } from '../model/model';
import { Optimizer } from '../train/optimizer';
import { asPrompts, type StepImplementation, type StepProblem } from './step-problem';
import { timed } from './timing';

const options = { alpha: 0, margin: 0, reduction: 'sum' } as const;

export function projectStep(
  backend: Backend,
  name: string,
  problem: StepProblem,
  prompts = asPrompts(problem),
  packing: Packing = 'naive',
): StepImplementation {
  const model = createModel({ config: problem.config, weights: problem.weights, backend });
  const adam = { weightDecay: 0, clipNorm: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const optimizer = new Optimizer(model, adam);
  return {
    name,
    async run() {
      let loss = 0;
      const timing = await timed(async () => {
        optimizer.zeroGradients();
        const block = packPrompts(prompts, { packing });
        const { logProb } = forward(model, block, { keep: true });
        const logProbs = await backend.read(logProb, 0, block.targets.length);
        const { losses, coefficients } = blockLoss(prompts, block, logProbs, options, 1 / prompts.length);
        backward(model, block, coefficients, optimizer.gradients);
        await optimizer.step(problem.learningRate);
        loss = losses.reduce((sum, each) => sum + each.sft, 0) / losses.length;
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
      model.dispose();
    },
  };
}
