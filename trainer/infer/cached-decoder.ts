/**
 * Incremental decoding over the ops of training: keys and values of all rows stay on the device. Every sequence has a
 * region of the caches, and new rows are scattered into its zeros. Older rows are idle, so a token costs one row of
 * matmuls and attention over its own context.
 */
import type { Segment, Tensor } from '../backends/backend';
import { type Adapter, largestRank } from '../model/adapter-modules';
import { type LinearPass, linearForward } from '../model/linear';
import type { Model } from '../model/model';
import { embeddingName, finalNormName, headName, layerNames } from '../model/parameters';
import { ropeTables } from '../model/rope-tables';
import type { AdapterScratch } from '../model/workspace';

export interface SequenceCapacity {
  /** Most rows of the sequence, and most rows of its first append. */
  readonly length: number;
  readonly prompt: number;
}

export interface AppendedTokens {
  /** Index of the sequence; each at most once in an append. */
  readonly sequence: number;
  readonly ids: readonly number[];
}

interface Region {
  /** First row in the caches, capacity, and rows used. */
  readonly start: number;
  readonly length: number;
  used: number;
}

export class CachedDecoder {
  private readonly allocated: Tensor[] = [];
  private readonly regions: Region[] = [];
  private readonly caches: { readonly q: Tensor; readonly k: Tensor; readonly v: Tensor }[];
  private readonly pass: LinearPass;
  private readonly cosine: Tensor;
  private readonly sine: Tensor;
  private readonly ints: ReturnType<CachedDecoder['allocateInts']>;
  private readonly buffers: ReturnType<CachedDecoder['allocateBuffers']>;

  /** Throws OutOfMemoryError; then nothing stays allocated. */
  constructor(
    private readonly model: Model,
    sequences: readonly SequenceCapacity[],
  ) {
    const { config, backend, adapter } = model;
    let rows = 0;
    for (const { length } of sequences) {
      this.regions.push({ start: rows, length, used: 0 });
      rows += length;
    }
    const maxNewRows = sequences.reduce((sum, { prompt }) => sum + prompt, 0);
    const longest = sequences.reduce((max, { length }) => Math.max(max, length), 0);
    try {
      this.caches = Array.from({ length: config.layers }, () => ({
        q: this.float(rows * config.heads * config.headDim),
        k: this.float(rows * config.kvHeads * config.headDim),
        v: this.float(rows * config.kvHeads * config.headDim),
      }));
      this.ints = this.allocateInts(maxNewRows, sequences.length);
      this.buffers = this.allocateBuffers(rows, maxNewRows, sequences.length);
      this.pass = { model, scratch: adapter && this.scratchOf(adapter, maxNewRows), dropoutSeed: null };
      const tables = ropeTables(config, longest);
      this.cosine = this.float(tables.cosine.length);
      this.sine = this.float(tables.sine.length);
      backend.write(this.cosine, tables.cosine);
      backend.write(this.sine, tables.sine);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** One buffer serves every adapted module, since nothing is kept. */
  private scratchOf({ modules }: Adapter, rows: number): AdapterScratch {
    const low = this.float(rows * largestRank(modules));
    return { low: new Map([...modules.keys()].map((module) => [module, low])), wide: null };
  }

  dispose(): void {
    for (const tensor of this.allocated) this.model.backend.free(tensor);
  }

  private float(length: number): Tensor {
    const tensor = this.model.backend.alloc(length);
    this.allocated.push(tensor);
    return tensor;
  }

  private allocateInts(maxNewRows: number, sequences: number) {
    const int = (length: number): Tensor => {
      const tensor = this.model.backend.allocInt(length);
      this.allocated.push(tensor);
      return tensor;
    };
    return { ids: int(maxNewRows), positions: int(maxNewRows), cacheRows: int(maxNewRows), last: int(sequences) };
  }

  private allocateBuffers(rows: number, maxNewRows: number, sequences: number) {
    const { config } = this.model;
    const { dim, hiddenDim, heads } = config;
    const qDim = heads * config.headDim;
    const kvDim = config.kvHeads * config.headDim;
    const query = () => this.float(maxNewRows * qDim);
    const key = () => this.float(maxNewRows * kvDim);
    const hidden = () => this.float(maxNewRows * hiddenDim);
    return {
      x: this.float(maxNewRows * dim),
      norm: this.float(maxNewRows * dim),
      rms: this.float(maxNewRows),
      q: query(),
      k: key(),
      v: key(),
      headNorms: config.queryKeyNorm ? { q: query(), k: key(), rms: this.float(maxNewRows * heads) } : null,
      attended: query(),
      gate: hidden(),
      up: hidden(),
      act: hidden(),
      /** Output for all rows of the caches, as the attention op requires. */
      attention: this.float(rows * qDim),
      logSumExp: this.float(rows * heads),
      last: this.float(sequences * dim),
      lastNorm: this.float(sequences * dim),
      lastRms: this.float(sequences),
      logits: this.float(sequences * config.vocabSize),
    };
  }

  /** Appends tokens to sequences. Returns the logits of the next token of each, [vocab], in the order given. */
  async append(appended: readonly AppendedTokens[]): Promise<Float32Array[]> {
    const { backend, config, parameters } = this.model;
    const { dim, normEpsilon, vocabSize } = config;
    const b = this.buffers;
    const { n, segments } = this.assignRows(appended);
    backend.gatherRows(b.x, parameters.get(embeddingName)!, this.ints.ids, n, dim);
    for (let layer = 0; layer < config.layers; layer++) {
      this.attend(layer, n, segments);
      this.feedForward(layer, n);
    }
    const count = appended.length;
    backend.gatherRows(b.last, b.x, this.ints.last, count, dim);
    backend.rmsNorm({
      out: b.lastNorm,
      inverseRms: b.lastRms,
      x: b.last,
      weight: parameters.get(finalNormName)!,
      rows: count,
      dim,
      epsilon: normEpsilon,
    });
    const head = parameters.get(config.tieEmbeddings ? embeddingName : headName)!;
    backend.matmul({ form: 'nt', out: b.logits, a: b.lastNorm, b: head, rows: count, columns: vocabSize, inner: dim });
    const logits = await backend.read(b.logits, 0, count * vocabSize);
    return appended.map((_, row) => logits.subarray(row * vocabSize, (row + 1) * vocabSize));
  }

  /** Assigns cache rows and segments to the new rows, and marks them as used. */
  private assignRows(appended: readonly AppendedTokens[]): { n: number; segments: Segment[] } {
    const positions: number[] = [];
    const cacheRows: number[] = [];
    const last: number[] = [];
    const segments: Segment[] = [];
    let covered = 0;
    const idle = (end: number): void => {
      if (end > covered) segments.push({ start: covered, end, prefixStart: covered, prefixEnd: covered, idle: true });
    };
    for (const { sequence, ids } of [...appended].sort((a, b) => a.sequence - b.sequence)) {
      const region = this.regions[sequence]!;
      const start = region.start + region.used;
      idle(start);
      covered = start + ids.length;
      segments.push({ start, end: covered, prefixStart: region.start, prefixEnd: start });
    }
    for (const { sequence, ids } of appended) {
      const region = this.regions[sequence]!;
      ids.forEach((_, i) => {
        positions.push(region.used + i);
        cacheRows.push(region.start + region.used + i);
      });
      last.push(positions.length - 1);
      region.used += ids.length;
    }
    const { backend } = this.model;
    backend.write(this.ints.ids, Int32Array.from(appended.flatMap(({ ids }) => ids)));
    backend.write(this.ints.positions, Int32Array.from(positions));
    backend.write(this.ints.cacheRows, Int32Array.from(cacheRows));
    backend.write(this.ints.last, Int32Array.from(last));
    return { n: positions.length, segments };
  }

  /** Attention of the n new rows over their sequences, added to x. */
  private attend(layer: number, n: number, segments: readonly Segment[]): void {
    const { backend, config, parameters } = this.model;
    const { dim, heads, kvHeads, headDim, normEpsilon } = config;
    const qDim = heads * headDim;
    const kvDim = kvHeads * headDim;
    const b = this.buffers;
    const cache = this.caches[layer]!;
    const names = layerNames(layer);
    const { positions, cacheRows } = this.ints;
    backend.rmsNorm({
      out: b.norm,
      inverseRms: b.rms,
      x: b.x,
      weight: parameters.get(names.attentionNorm)!,
      rows: n,
      dim,
      epsilon: normEpsilon,
    });
    const raw = b.headNorms;
    linearForward(this.pass, { module: names.q, out: raw?.q ?? b.q, x: b.norm, rows: n, inDim: dim, outDim: qDim });
    linearForward(this.pass, { module: names.k, out: raw?.k ?? b.k, x: b.norm, rows: n, inDim: dim, outDim: kvDim });
    linearForward(this.pass, { module: names.v, out: b.v, x: b.norm, rows: n, inDim: dim, outDim: kvDim });
    if (raw) {
      backend.rmsNorm({
        out: b.q,
        inverseRms: raw.rms,
        x: raw.q,
        weight: parameters.get(names.qNorm)!,
        rows: n * heads,
        dim: headDim,
        epsilon: normEpsilon,
      });
      backend.rmsNorm({
        out: b.k,
        inverseRms: raw.rms,
        x: raw.k,
        weight: parameters.get(names.kNorm)!,
        rows: n * kvHeads,
        dim: headDim,
        epsilon: normEpsilon,
      });
    }
    backend.rope({ x: b.q, positions, cosine: this.cosine, sine: this.sine, rows: n, heads, headDim, direction: 1 });
    backend.rope({
      x: b.k,
      positions,
      cosine: this.cosine,
      sine: this.sine,
      rows: n,
      heads: kvHeads,
      headDim,
      direction: 1,
    });
    // Each cache row is written once, so adding to its zeros sets it.
    backend.scatterAddRows(cache.q, b.q, cacheRows, n, qDim);
    backend.scatterAddRows(cache.k, b.k, cacheRows, n, kvDim);
    backend.scatterAddRows(cache.v, b.v, cacheRows, n, kvDim);
    const rows = segments.at(-1)!.end;
    backend.attention({
      out: b.attention,
      logSumExp: b.logSumExp,
      q: cache.q,
      k: cache.k,
      v: cache.v,
      shape: { rows, heads, kvHeads, headDim, segments },
    });
    backend.gatherRows(b.attended, b.attention, cacheRows, n, qDim);
    linearForward(this.pass, {
      module: names.o,
      out: b.x,
      x: b.attended,
      rows: n,
      inDim: qDim,
      outDim: dim,
      plus: b.x,
    });
  }

  private feedForward(layer: number, n: number): void {
    const { backend, config, parameters } = this.model;
    const { dim, hiddenDim } = config;
    const b = this.buffers;
    const names = layerNames(layer);
    backend.rmsNorm({
      out: b.norm,
      inverseRms: b.rms,
      x: b.x,
      weight: parameters.get(names.mlpNorm)!,
      rows: n,
      dim,
      epsilon: config.normEpsilon,
    });
    const widen = { rows: n, inDim: dim, outDim: hiddenDim };
    linearForward(this.pass, { module: names.gate, out: b.gate, x: b.norm, ...widen });
    linearForward(this.pass, {
      module: names.up,
      out: b.up,
      x: b.norm,
      ...widen,
      swiglu: { out: b.act, gate: b.gate },
    });
    linearForward(this.pass, {
      module: names.down,
      out: b.x,
      x: b.act,
      rows: n,
      inDim: hiddenDim,
      outDim: dim,
      plus: b.x,
    });
  }
}
