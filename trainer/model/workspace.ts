/**
 * The activations of one packed block. Buffers are allocated once for the largest block and reused, so that memory
 * is flat from the first step on; they may be longer than a block needs, and ops touch the block's rows only.
 */
import { type Backend, cachedRowLength, type Tensor, tensorBytes } from '../backends/backend';
import type { AdapterConfig } from './adapter-config';
import { adaptedModules, largestRank } from './adapter-modules';
import type { ModelConfig } from './config';
import { layerNames } from './parameters';
import { ropeTables } from './rope-tables';

/**
 * What one layer's forward pass leaves for its backward pass. With `half`, what products and attention read is f16: norms,
 * q, k, v, attention, gate, up and act; the residual stream and what sums are made of stay f32.
 */
export interface LayerActivations {
  /** [rows, dim]: the residual stream at the layer's start, and between attention and MLP. */
  readonly x: Tensor;
  readonly mid: Tensor;
  readonly attentionNorm: Tensor;
  readonly attentionRms: Tensor;
  /** After norm and rotation. */
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  /** q and k before their norm, where the model has one. */
  readonly headNorms: { readonly q: Tensor; readonly k: Tensor; readonly qRms: Tensor; readonly kRms: Tensor } | null;
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
  /** Room for the logits of as many predictions as LOGIT_CACHE_LENGTH allows: see `logProb`. */
  readonly logitCache: Tensor | null;
}

/**
 * Most logits that a forward pass leaves for the backward pass, whatever the block: 64 MiB, less than any device's limit
 * for one buffer. Rows beyond it are computed twice, so memory does not grow with predictions x vocabulary.
 */
const LOGIT_CACHE_LENGTH = 2 ** 24;

export interface WorkspaceNeed {
  readonly rows: number;
  readonly predictions: number;
  readonly positions: number;
  readonly backward: boolean;
  /**
   * Keep the activations of about sqrt(layers) layers at a time, and compute them again from the residual stream in
   * the backward pass: less memory, the same bits. Absent: as in the last call, at first false.
   */
  readonly recompute?: boolean;
  /** Allocate a logit cache for the backward pass. Absent: as in the last call, at first true. */
  readonly cacheLogits?: boolean;
}

/** Room for an adapter's work. */
export interface AdapterScratch {
  /** [rows, rank] of each adapted module, by its path: what the forward pass leaves for the backward pass. */
  readonly low: ReadonlyMap<string, Tensor>;
  /** [rows, widest input]: the input with dropout; null where there is none. */
  readonly wide: Tensor | null;
}

interface Buffers {
  /** In a recomputed pass, layers of different segments share all but the residual stream at a segment's start. */
  readonly layers: readonly LayerActivations[];
  /** Layers whose activations are there at once: all, or those of one segment. */
  readonly segmentLength: number;
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
  readonly scratch: AdapterScratch | null;
}

/** Allocates, or counts, a buffer of `length` elements, which may be 0. */
interface BufferMaker {
  readonly float: (length: number) => Tensor;
  /** For activations that may be f16. */
  readonly activation: (length: number) => Tensor;
  readonly int: (length: number) => Tensor;
}

/** Every buffer of a workspace, laid out in this one place for allocating and for counting. */
function layOut(config: ModelConfig, adapter: AdapterConfig | null, need: WorkspaceNeed, make: BufferMaker): Buffers {
  const { float, activation, int } = make;
  const { rows, predictions, positions } = need;
  const { heads, kvHeads, headDim } = config;
  const residual = (make = float): Tensor => make(rows * config.dim);
  const query = (make = float): Tensor => make(rows * heads * headDim);
  const key = (make = float): Tensor => make(rows * kvHeads * headDim);
  const hidden = (make = float): Tensor => make(rows * config.hiddenDim);
  const selected = (): Tensor => float(predictions * config.dim);
  const widest = (): Tensor => float(rows * Math.max(config.dim, heads * headDim, config.hiddenDim));
  const headNorms = () => ({ q: query(), k: key(), qRms: float(rows * heads), kRms: float(rows * kvHeads) });
  const layer = (x: Tensor): LayerActivations => ({
    x,
    mid: residual(),
    attentionNorm: residual(activation),
    attentionRms: float(rows),
    q: query(activation),
    k: key(activation),
    v: key(activation),
    headNorms: config.queryKeyNorm ? headNorms() : null,
    attention: query(activation),
    logSumExp: float(rows * heads),
    mlpNorm: residual(activation),
    mlpRms: float(rows),
    gate: hidden(activation),
    up: hidden(activation),
    act: hidden(activation),
  });
  const logitCache = (): Tensor | null => {
    const rowLength = cachedRowLength(config.vocabSize);
    const count = need.cacheLogits === false ? 0 : Math.min(predictions, Math.floor(LOGIT_CACHE_LENGTH / rowLength));
    return count > 0 ? float(count * rowLength) : null;
  };
  const backward = (): BackwardActivations => ({
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
    coefficient: float(predictions),
    logitCache: logitCache(),
  });
  const { layers, segmentLength } = layOutLayers(config.layers, need, residual, layer);
  return {
    layers,
    segmentLength,
    backward: need.backward ? backward() : null,
    out: residual(),
    ids: int(rows),
    positions: int(rows),
    predictRows: int(predictions),
    targets: int(predictions),
    selected: selected(),
    selectedNorm: selected(),
    selectedRms: float(predictions),
    logProb: float(predictions),
    headLogSumExp: float(predictions),
    cosine: float((positions * headDim) / 2),
    sine: float((positions * headDim) / 2),
    scratch: adapter && {
      low: layOutLow(config, adapter, need, segmentLength, float),
      wide: need.backward && adapter.dropout > 0 ? widest() : null,
    },
  };
}

/** Which buffers a layer uses: its own, those of its place in a segment, or the same as every other. */
function layOutLayers(
  count: number,
  { backward, recompute = false }: WorkspaceNeed,
  residual: () => Tensor,
  layer: (x: Tensor) => LayerActivations,
): Pick<Buffers, 'layers' | 'segmentLength'> {
  // Without a backward pass nothing is kept: one set of buffers serves every layer in turn.
  if (!backward) {
    const shared = layer(residual());
    return { layers: Array.from({ length: count }, () => shared), segmentLength: 1 };
  }
  const segmentLength = recompute ? Math.ceil(Math.sqrt(count)) : count;
  const slots = Array.from({ length: segmentLength }, () => layer(residual()));
  const layers = Array.from({ length: count }, (_, i) => {
    const slot = slots[i % segmentLength]!;
    return i >= segmentLength && i % segmentLength === 0 ? { ...slot, x: residual() } : slot;
  });
  return { layers, segmentLength };
}

/** As activations, those of recomputed layers are shared; without a backward pass one serves all. */
function layOutLow(
  config: ModelConfig,
  adapter: AdapterConfig,
  { rows, backward }: WorkspaceNeed,
  segmentLength: number,
  float: BufferMaker['float'],
): ReadonlyMap<string, Tensor> {
  const modules = adaptedModules(config, adapter);
  const widest = largestRank(modules);
  const shared = new Map<string, Tensor>();
  const low = new Map<string, Tensor>();
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [kind, module] of Object.entries(layerNames(layer))) {
      if (!modules.has(module)) continue;
      const key = backward ? `${layer % segmentLength} ${kind}` : '';
      const tensor = shared.get(key) ?? float(rows * widest);
      shared.set(key, tensor);
      low.set(module, tensor);
    }
  }
  return low;
}

/** Bytes of all buffers of a need, as `reserve` takes them. `half`: see LayerActivations. */
export function workspaceBytes(
  config: ModelConfig,
  need: WorkspaceNeed,
  adapter: AdapterConfig | null = null,
  half = false,
): number {
  let bytes = 0;
  const count = (dtype: Tensor['dtype']) => (length: number) => {
    bytes += tensorBytes({ length, dtype });
    return { length, dtype };
  };
  layOut(config, adapter, need, { float: count('f32'), activation: count(half ? 'f16' : 'f32'), int: count('i32') });
  return bytes;
}

const indexBytesPerRow = 8;

/** Memory that one row of a packed block takes with a backward pass: activations, its ids and predictions left out. */
export function activationBytesPerRow(config: ModelConfig, half = false): number {
  const need = { rows: 1, predictions: 0, positions: 0, backward: true };
  return workspaceBytes(config, need, null, half) - indexBytesPerRow;
}

const empty: Required<WorkspaceNeed> = {
  rows: 0,
  predictions: 0,
  positions: 0,
  backward: false,
  recompute: false,
  cacheLogits: true,
};

export class Workspace {
  private current: Buffers | null = null;
  private allocated: Tensor[] = [];
  private capacity: Required<WorkspaceNeed> = empty;

  constructor(
    private readonly backend: Backend,
    private readonly config: ModelConfig,
    private readonly adapter: AdapterConfig | null = null,
    /** Only where the backend has `allocHalf`: see LayerActivations. */
    private readonly half = false,
  ) {}

  /** The buffers, grown where they are too small. Growing loses what they held. */
  reserve(need: WorkspaceNeed): Buffers {
    const has = this.capacity;
    if (
      this.current &&
      need.rows <= has.rows &&
      need.predictions <= has.predictions &&
      need.positions <= has.positions &&
      (has.backward || !need.backward) &&
      (need.recompute ?? has.recompute) === has.recompute &&
      (need.cacheLogits ?? has.cacheLogits) === has.cacheLogits
    ) {
      return this.current;
    }
    this.release();
    const grown: Required<WorkspaceNeed> = {
      rows: Math.max(need.rows, has.rows),
      predictions: Math.max(need.predictions, has.predictions),
      positions: Math.max(need.positions, has.positions),
      backward: need.backward || has.backward,
      recompute: need.recompute ?? has.recompute,
      cacheLogits: need.cacheLogits ?? has.cacheLogits,
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
    for (const tensor of this.allocated) this.backend.free(tensor);
    this.allocated = [];
    this.current = null;
    this.capacity = empty;
  }

  private allocate(need: WorkspaceNeed): Buffers {
    const track = (tensor: Tensor): Tensor => {
      this.allocated.push(tensor);
      return tensor;
    };
    const buffers = layOut(this.config, this.adapter, need, {
      float: (length) => track(this.backend.alloc(length)),
      activation: (length) => track(this.half ? this.backend.allocHalf!(length) : this.backend.alloc(length)),
      int: (length) => track(this.backend.allocInt(length)),
    });
    const tables = ropeTables(this.config, need.positions);
    this.backend.write(buffers.cosine, tables.cosine);
    this.backend.write(buffers.sine, tables.sine);
    return buffers;
  }
}

export type { Buffers as WorkspaceBuffers };
