/**
 * AdamW over what a model trains, with its gradients and moments. Weight decay is for matrices only (embeddings
 * included): shrinking a norm's gain towards zero would change the function, not regularise it.
 */
import type { Backend, Tensor } from '../backends/backend';
import { message } from '../contract/message';
import { trainable } from '../model/adapter';
import type { Model } from '../model/model';
import { allocateLike, freeAll, matricesAndVectors, type NamedTensors, wholesOf } from '../model/parameters';
import { TrainerError } from '../trainer-error';

export interface OptimizerConfig {
  readonly weightDecay: number;
  /** Largest global gradient norm; a larger gradient is scaled down to it. 0: no clipping. */
  readonly clipNorm: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Training has diverged: a loss or gradient is not a finite number. */
export class DivergedError extends TrainerError {
  override readonly name = 'DivergedError';
}

/** What one call of AdamW works on: a tensor, or all that lie behind each other. */
interface Update {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
  readonly weightDecay: number;
}

export class Optimizer {
  readonly gradients: NamedTensors;
  readonly m: NamedTensors;
  readonly v: NamedTensors;
  /** Updates made so far. */
  steps = 0;
  private readonly backend: Backend;
  private readonly updates: readonly Update[];
  private readonly squares: Tensor;

  constructor(
    model: Model,
    private readonly config: OptimizerConfig,
  ) {
    const { backend } = model;
    this.backend = backend;
    const { shapes, tensors } = trainable(model);
    const made: NamedTensors[] = [];
    const like = (): NamedTensors => {
      const zeros = allocateLike(backend, tensors);
      made.push(zeros);
      return zeros;
    };
    try {
      this.gradients = like();
      this.m = like();
      this.v = like();
      const [matrices, vectors] = matricesAndVectors(tensors.keys(), shapes);
      const updatesOf = (names: readonly string[], weightDecay: number): Update[] => {
        const wholes = (all: NamedTensors) =>
          wholesOf(
            backend,
            names.map((name) => all.get(name)!),
          );
        const [gradients, m, v] = [this.gradients, this.m, this.v].map(wholes) as [Tensor[], Tensor[], Tensor[]];
        return wholes(tensors).map((parameter, i) => {
          return { parameter, gradient: gradients[i]!, m: m[i]!, v: v[i]!, weightDecay };
        });
      };
      this.updates = [...updatesOf(matrices, config.weightDecay), ...updatesOf(vectors, 0)];
      this.squares = backend.alloc(this.updates.length);
    } catch (error) {
      for (const tensors of made) freeAll(backend, tensors);
      throw error;
    }
  }

  zeroGradients(): void {
    for (const { gradient } of this.updates) this.backend.fill(gradient, 0);
  }

  /**
   * One update from the gradients as they are. Returns their global norm before clipping.
   * Throws DivergedError, with nothing changed, when the norm is no finite number.
   */
  async step(learningRate: number): Promise<number> {
    const { backend, config } = this;
    for (const [slot, { gradient }] of this.updates.entries()) backend.sumSquares(this.squares, slot, gradient);
    const squares = await backend.read(this.squares);
    const norm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0));
    if (!Number.isFinite(norm)) {
      throw new DivergedError(message('gradientNotFinite', { step: this.steps + 1 }));
    }
    this.steps++;
    const gradientScale = config.clipNorm > 0 && norm > config.clipNorm ? config.clipNorm / norm : 1;
    const { beta1, beta2, epsilon } = config;
    for (const { parameter, gradient, m, v, weightDecay } of this.updates) {
      const step = { learningRate, beta1, beta2, epsilon, weightDecay, step: this.steps, gradientScale };
      backend.adamW(parameter, gradient, m, v, step);
    }
    return norm;
  }

  dispose(): void {
    for (const tensors of [this.gradients, this.m, this.v]) freeAll(this.backend, tensors);
    this.backend.free(this.squares);
  }
}
