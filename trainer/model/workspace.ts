/**
 * The activations of one packed block. Buffers are allocated once for the largest block and reused, so that memory
 * is flat from the first step on; they may be longer than a block needs, and ops touch the block's rows only.
 */
import type { Backend, Tensor } from '../backends/backend';
import type { ModelConfig } from './config';
import { ropeTables } from './rope-tables';

/** What one layer's forward pass leaves for its backward pass. */
export interface LayerActivations {
  /** [rows, dim]: the residual stream at the layer's start, and between attention and MLP. */
  readonly x: Tensor;
  readonly mid: Tensor;
  readonly attentionNorm: Tensor;
  readonly attentionRms: Tensor;
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly attention: Tensor;
  readonly logSumExp: Tensor;
  readonly mlpNorm: Tensor;
  readonly mlpRms: Tensor;
  /** [rows, hiddenDim] */
  readonly gate: Tensor;
  readonly up: Tensor;
  readonly act: Tensor;
}

/** Gradients of activations, shared by all layers. */
export interface BackwardActivations {
  /** [rows, dim]: gradient of the residual stream, and of a norm's output. */
  readonly dX: Tensor;
  readonly dNorm: Tensor;
  readonly dAttention: Tensor;
  readonly dQ: Tensor;
  readonly dK: Tensor;
  readonly dV: Tensor;
  readonly dGate: Tensor;
  readonly dUp: Tensor;
  readonly dAct: Tensor;
  /** [predictions, dim] */
  readonly dSelected: Tensor;
  readonly dSelectedNorm: Tensor;
  /** [predictions] */
  readonly coefficient: Tensor;
}

export interface WorkspaceNeed {
  readonly rows: number;
  readonly predictions: number;
  readonly positions: number;
  readonly backward: boolean;
}

/** Memory that one row of a packed block takes with a backward pass, its predictions left out. */
export function activationBytesPerRow({ dim, hiddenDim, heads, kvHeads, headDim, layers }: ModelConfig): number {
  const query = heads * headDim;
  const key = kvHeads * headDim;
  const layer = 4 * dim + 2 * query + 2 * key + 3 * hiddenDim + heads + 2;
  const gradients = 2 * dim + 2 * query + 2 * key + 3 * hiddenDim;
  return 4 * (layers * layer + gradients + dim);
}

interface Buffers {
  readonly layers: readonly LayerActivations[];
  readonly backward: BackwardActivations | null;
  readonly out: Tensor;
  readonly ids: Tensor;
  readonly positions: Tensor;
  readonly predictRows: Tensor;
  readonly targets: Tensor;
  readonly selected: Tensor;
  readonly selectedNorm: Tensor;
  readonly selectedRms: Tensor;
  readonly logProb: Tensor;
  readonly headLogSumExp: Tensor;
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

export class Workspace {
  private current: Buffers | null = null;
  private held: Tensor[] = [];
  private capacity: WorkspaceNeed = { rows: 0, predictions: 0, positions: 0, backward: false };

  constructor(
    private readonly backend: Backend,
    private readonly config: ModelConfig,
  ) {}

  /** The buffers, grown where they are too small. Growing loses what they held. */
  reserve(need: WorkspaceNeed): Buffers {
    const has = this.capacity;
    if (
      this.current &&
      need.rows <= has.rows &&
      need.predictions <= has.predictions &&
      need.positions <= has.positions &&
      (has.backward || !need.backward)
    ) {
      return this.current;
    }
    this.release();
    const grown: WorkspaceNeed = {
      rows: Math.max(need.rows, has.rows),
      predictions: Math.max(need.predictions, has.predictions),
      positions: Math.max(need.positions, has.positions),
      backward: need.backward || has.backward,
    };
    try {
      this.current = this.allocate(grown);
    } catch (error) {
      this.release();
      throw error;
    }
    this.capacity = grown;
    return this.current;
  }

  release(): void {
    for (const tensor of this.held) this.backend.free(tensor);
    this.held = [];
    this.current = null;
    this.capacity = { rows: 0, predictions: 0, positions: 0, backward: false };
  }

  private float(length: number): Tensor {
    const tensor = this.backend.alloc(length);
    this.held.push(tensor);
    return tensor;
  }

  private int(length: number): Tensor {
    const tensor = this.backend.allocInt(length);
    this.held.push(tensor);
    return tensor;
  }

  private allocate({ rows, predictions, positions, backward }: WorkspaceNeed): Buffers {
    const { config } = this;
    const residual = (): Tensor => this.float(rows * config.dim);
    const query = (): Tensor => this.float(rows * config.heads * config.headDim);
    const key = (): Tensor => this.float(rows * config.kvHeads * config.headDim);
    const hidden = (): Tensor => this.float(rows * config.hiddenDim);
    const selected = (): Tensor => this.float(predictions * config.dim);
    const layer = (): LayerActivations => ({
      x: residual(),
      mid: residual(),
      attentionNorm: residual(),
      attentionRms: this.float(rows),
      q: query(),
      k: key(),
      v: key(),
      attention: query(),
      logSumExp: this.float(rows * config.heads),
      mlpNorm: residual(),
      mlpRms: this.float(rows),
      gate: hidden(),
      up: hidden(),
      act: hidden(),
    });
    // Without a backward pass nothing is kept: one set of buffers serves every layer in turn.
    const shared = backward ? null : layer();
    const layers = Array.from({ length: config.layers }, () => shared ?? layer());
    const { cosine, sine } = this.ropeTables(positions);
    return {
      layers,
      backward: backward
        ? {
            dX: residual(),
            dNorm: residual(),
            dAttention: query(),
            dQ: query(),
            dK: key(),
            dV: key(),
            dGate: hidden(),
            dUp: hidden(),
            dAct: hidden(),
            dSelected: selected(),
            dSelectedNorm: selected(),
            coefficient: this.float(predictions),
          }
        : null,
      out: residual(),
      ids: this.int(rows),
      positions: this.int(rows),
      predictRows: this.int(predictions),
      targets: this.int(predictions),
      selected: selected(),
      selectedNorm: selected(),
      selectedRms: this.float(predictions),
      logProb: this.float(predictions),
      headLogSumExp: this.float(predictions),
      cosine,
      sine,
    };
  }

  private ropeTables(positions: number): { cosine: Tensor; sine: Tensor } {
    const values = ropeTables(this.config, positions);
    const tables = { cosine: this.float(values.cosine.length), sine: this.float(values.sine.length) };
    this.backend.write(tables.cosine, values.cosine);
    this.backend.write(tables.sine, values.sine);
    return tables;
  }
}

export type { Buffers as WorkspaceBuffers };
