/**
 * AdamW over what a model trains, with its gradients and moments. Weight decay is for matrices only (embeddings
 * included): shrinking a norm's gain towards zero would change the function, not regularise it.
 */
import type { Backend, Tensor } from '../backends/backend';
import { message } from '../contract/message';
import { trainable } from '../model/adapter';
import type { Model } from '../model/model';
import { allocateLike, fillAll, freeAll, type NamedTensors } from '../model/parameters';
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

export class Optimizer {
  readonly gradients: NamedTensors;
  readonly m: NamedTensors;
  readonly v: NamedTensors;
  /** Updates made so far. */
  steps = 0;
  private readonly backend: Backend;
  private readonly parameters: NamedTensors;
  private readonly squares: Tensor;
  private readonly matrices: ReadonlySet<string>;

  constructor(
    model: Model,
    private readonly config: OptimizerConfig,
  ) {
    const { backend } = model;
    this.backend = backend;
    const { shapes, tensors } = trainable(model);
    this.parameters = tensors;
    this.matrices = new Set([...shapes].filter(([, shape]) => shape.length > 1).map(([name]) => name));
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
      this.squares = backend.alloc(tensors.size);
    } catch (error) {
      for (const tensors of made) freeAll(backend, tensors);
      throw error;
    }
  }

  zeroGradients(): void {
    fillAll(this.backend, this.gradients, 0);
  }

  /**
   * One update from the gradients as they are. Returns their global norm before clipping.
   * Throws DivergedError, with nothing changed, when the norm is no finite number.
   */
  async step(learningRate: number): Promise<number> {
    const { backend, config } = this;
    let slot = 0;
    for (const gradient of this.gradients.values()) backend.sumSquares(this.squares, slot++, gradient);
    const squares = await backend.read(this.squares);
    const norm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0));
    if (!Number.isFinite(norm)) {
      throw new DivergedError(message('gradientNotFinite', { step: this.steps + 1 }));
    }
    this.steps++;
    const gradientScale = config.clipNorm > 0 && norm > config.clipNorm ? config.clipNorm / norm : 1;
    for (const [name, parameter] of this.parameters) {
      backend.adamW(parameter, this.gradients.get(name)!, this.m.get(name)!, this.v.get(name)!, {
        learningRate,
        beta1: config.beta1,
        beta2: config.beta2,
        epsilon: config.epsilon,
        weightDecay: this.matrices.has(name) ? config.weightDecay : 0,
        step: this.steps,
        gradientScale,
      });
    }
    return norm;
  }

  dispose(): void {
    for (const tensors of [this.gradients, this.m, this.v]) freeAll(this.backend, tensors);
    this.backend.free(this.squares);
  }
}
