/**
 * Greedy generation with a key/value cache, over the same ops as training. New rows are scattered into zero-filled
 * caches; rows cached before attend to themselves only, so a token costs one row of matmuls and one look at its
 * context.
 */
import type { Segment, Tensor } from '../backends/backend';
import { type LinearPass, linearForward } from '../model/linear';
import type { Model } from '../model/model';
import { embeddingName, finalNormName, headName, layerNames } from '../model/parameters';
import { ropeTables } from '../model/rope-tables';
import { createHostYield } from '../train/yield-to-host';

export interface GenerateOptions {
  readonly model: Model;
  /** At least one token. */
  readonly promptIds: readonly number[];
  readonly maxTokens: number;
  readonly onToken?: (id: number) => void;
  readonly signal?: AbortSignal;
}

export interface Generation {
  /** Without the end-of-sequence token. */
  readonly ids: readonly number[];
  readonly stopped: 'eos' | 'length' | 'context';
}

/** The most probable continuation, token by token. Throws RangeError on an empty prompt, the signal's reason. */
export async function generate(options: GenerateOptions): Promise<Generation> {
  const { model, promptIds, maxTokens, onToken, signal } = options;
  const context = model.config.maxPositions;
  if (promptIds.length === 0) throw new RangeError('generation needs a prompt of at least one token (BOS)');
  if (promptIds.length > context) {
    throw new RangeError(`the prompt has ${promptIds.length} tokens, the model's context is ${context}`);
  }
  const ends = new Set(model.config.eosIds);
  if (model.tokenizer) ends.add(model.tokenizer.eosId);
  const length = Math.min(context, promptIds.length + maxTokens);
  const decoder = new CachedDecoder(model, length, promptIds.length);
  const yieldToHost = createHostYield();
  try {
    const ids: number[] = [];
    let next = promptIds;
    while (ids.length < maxTokens) {
      signal?.throwIfAborted();
      const id = argmax(await decoder.append(next));
      if (ends.has(id)) return { ids, stopped: 'eos' };
      ids.push(id);
      onToken?.(id);
      if (promptIds.length + ids.length >= context) return { ids, stopped: 'context' };
      next = [id];
      await yieldToHost();
    }
    return { ids, stopped: 'length' };
  } finally {
    decoder.dispose();
  }
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** A sequence that grows: keys and values of all its rows stay on the device. */
class CachedDecoder {
  private readonly held: Tensor[] = [];
  private readonly caches: { readonly q: Tensor; readonly k: Tensor; readonly v: Tensor }[];
  private readonly cosine: Tensor;
  private readonly sine: Tensor;
  /** Rows so far. */
  private rows = 0;
  private readonly ints: { readonly ids: Tensor; readonly rows: Tensor; readonly last: Tensor };
  private readonly pass: LinearPass;
  private readonly buffers: ReturnType<CachedDecoder['allocateBuffers']>;

  constructor(
    private readonly model: Model,
    length: number,
    mostNew: number,
  ) {
    const { config, backend } = model;
    const qDim = config.heads * config.headDim;
    const kvDim = config.kvHeads * config.headDim;
    try {
      this.caches = Array.from({ length: config.layers }, () => ({
        q: this.float(length * qDim),
        k: this.float(length * kvDim),
        v: this.float(length * kvDim),
      }));
      this.ints = { ids: this.int(mostNew), rows: this.int(mostNew), last: this.int(1) };
      this.buffers = this.allocateBuffers(length, mostNew);
      const rank = model.adapter?.config.rank;
      const scratch = rank === undefined ? null : { low: this.float(mostNew * rank), wide: null };
      this.pass = { model, scratch, dropoutSeed: null };
      const tables = ropeTables(config, length);
      this.cosine = this.float(tables.cosine.length);
      this.sine = this.float(tables.sine.length);
      backend.write(this.cosine, tables.cosine);
      backend.write(this.sine, tables.sine);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  dispose(): void {
    for (const tensor of this.held) this.model.backend.free(tensor);
  }

  private float(length: number): Tensor {
    const tensor = this.model.backend.alloc(length);
    this.held.push(tensor);
    return tensor;
  }

  private int(length: number): Tensor {
    const tensor = this.model.backend.allocInt(length);
    this.held.push(tensor);
    return tensor;
  }

  private allocateBuffers(length: number, mostNew: number) {
    const { config } = this.model;
    const qDim = config.heads * config.headDim;
    const kvDim = config.kvHeads * config.headDim;
    return {
      x: this.float(mostNew * config.dim),
      norm: this.float(mostNew * config.dim),
      rms: this.float(mostNew),
      headNorms: config.queryKeyNorm
        ? {
            q: this.float(mostNew * qDim),
            k: this.float(mostNew * kvDim),
            rms: this.float(mostNew * config.heads),
          }
        : null,
      q: this.float(mostNew * qDim),
      k: this.float(mostNew * kvDim),
      v: this.float(mostNew * kvDim),
      attended: this.float(mostNew * qDim),
      gate: this.float(mostNew * config.hiddenDim),
      up: this.float(mostNew * config.hiddenDim),
      act: this.float(mostNew * config.hiddenDim),
      /** Over all rows of the sequence, as the attention op wants it. */
      attention: this.float(length * qDim),
      logSumExp: this.float(length * config.heads),
      last: this.float(config.dim),
      lastNorm: this.float(config.dim),
      lastRms: this.float(1),
      logits: this.float(config.vocabSize),
    };
  }

  /** Appends tokens; the logits of what comes after the last of them, [vocab]. */
  async append(ids: readonly number[]): Promise<Float32Array> {
    const { backend, config, parameters } = this.model;
    const { dim, normEpsilon, vocabSize } = config;
    const b = this.buffers;
    const n = ids.length;
    const start = this.rows;
    this.rows += n;
    backend.write(this.ints.ids, Int32Array.from(ids));
    backend.write(
      this.ints.rows,
      Int32Array.from(ids, (_, i) => start + i),
    );
    backend.gatherRows(b.x, parameters.get(embeddingName)!, this.ints.ids, n, dim);
    const segments: Segment[] = Array.from({ length: start }, (_, i) => ({
      start: i,
      end: i + 1,
      prefixStart: i,
      prefixEnd: i,
    }));
    segments.push({ start, end: start + n, prefixStart: 0, prefixEnd: start });
    for (let layer = 0; layer < config.layers; layer++) {
      this.attend(layer, n, segments);
      this.feedForward(layer, n);
    }
    backend.write(this.ints.last, Int32Array.of(n - 1));
    backend.gatherRows(b.last, b.x, this.ints.last, 1, dim);
    backend.rmsNorm(b.lastNorm, b.lastRms, b.last, parameters.get(finalNormName)!, 1, dim, normEpsilon);
    const head = parameters.get(config.tieEmbeddings ? embeddingName : headName)!;
    backend.matmul('nt', b.logits, b.lastNorm, head, 1, vocabSize, dim);
    return backend.read(b.logits);
  }

  /** Attention of the n new rows over all rows, added to x. */
  private attend(layer: number, n: number, segments: readonly Segment[]): void {
    const { backend, config, parameters } = this.model;
    const { dim, heads, kvHeads, headDim } = config;
    const qDim = heads * headDim;
    const kvDim = kvHeads * headDim;
    const b = this.buffers;
    const cache = this.caches[layer]!;
    const names = layerNames(layer);
    const at = this.ints.rows;
    backend.rmsNorm(b.norm, b.rms, b.x, parameters.get(names.attentionNorm)!, n, dim, config.normEpsilon);
    const raw = b.headNorms;
    linearForward(this.pass, names.q, raw?.q ?? b.q, b.norm, { rows: n, inDim: dim, outDim: qDim });
    linearForward(this.pass, names.k, raw?.k ?? b.k, b.norm, { rows: n, inDim: dim, outDim: kvDim });
    linearForward(this.pass, names.v, b.v, b.norm, { rows: n, inDim: dim, outDim: kvDim });
    if (raw) {
      const { normEpsilon } = config;
      backend.rmsNorm(b.q, raw.rms, raw.q, parameters.get(names.qNorm)!, n * heads, headDim, normEpsilon);
      backend.rmsNorm(b.k, raw.rms, raw.k, parameters.get(names.kNorm)!, n * kvHeads, headDim, normEpsilon);
    }
    backend.rope(b.q, at, this.cosine, this.sine, n, heads, headDim, 1);
    backend.rope(b.k, at, this.cosine, this.sine, n, kvHeads, headDim, 1);
    // Each cache row is written once, so adding to its zeros sets it.
    backend.scatterAddRows(cache.q, b.q, at, n, qDim);
    backend.scatterAddRows(cache.k, b.k, at, n, kvDim);
    backend.scatterAddRows(cache.v, b.v, at, n, kvDim);
    const shape = { rows: this.rows, heads, kvHeads, headDim, segments };
    backend.attention(b.attention, b.logSumExp, cache.q, cache.k, cache.v, shape);
    backend.gatherRows(b.attended, b.attention, at, n, qDim);
    linearForward(this.pass, names.o, b.x, b.attended, { rows: n, inDim: qDim, outDim: dim }, true);
  }

  private feedForward(layer: number, n: number): void {
    const { backend, config, parameters } = this.model;
    const { dim, hiddenDim } = config;
    const b = this.buffers;
    const names = layerNames(layer);
    backend.rmsNorm(b.norm, b.rms, b.x, parameters.get(names.mlpNorm)!, n, dim, config.normEpsilon);
    linearForward(this.pass, names.gate, b.gate, b.norm, { rows: n, inDim: dim, outDim: hiddenDim });
    linearForward(this.pass, names.up, b.up, b.norm, { rows: n, inDim: dim, outDim: hiddenDim });
    backend.swiglu(b.act, b.gate, b.up, n * hiddenDim);
    linearForward(this.pass, names.down, b.x, b.act, { rows: n, inDim: hiddenDim, outDim: dim }, true);
  }
}
