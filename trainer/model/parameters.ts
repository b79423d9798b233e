/**
 * The parameters of a model under Hugging Face's tensor names. Matrices are stored [out, in].
 * Gradients have the same names and shapes and are ADDED TO by the backward pass.
 */
import type { Backend, Tensor } from '../backends/backend';
import { type Message, message } from '../contract/message';
import { hashString } from '../data/hash-string';
import { gaussian, seededRandom } from '../data/seeded-random';
import { SafetensorsError } from '../io/safetensors';
import { ModelFilesError } from '../io/shard-index';
import { TrainerError } from '../trainer-error';
import type { ModelConfig } from './config';

/** Tensor names and shapes, in the order of the forward pass. */
export type Shapes = ReadonlyMap<string, readonly number[]>;
export type NamedTensors = ReadonlyMap<string, Tensor>;
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** Type in the file that it was read from. */
  readonly dtype?: 'F32' | 'F16' | 'BF16';
}
export type NamedArrays = ReadonlyMap<string, NamedArray>;

/** Weights that do not match the config. */
export class WeightsError extends TrainerError {
  override readonly name = 'WeightsError';
}

export const embeddingName = 'model.embed_tokens.weight';
export const finalNormName = 'model.norm.weight';
export const headName = 'lm_head.weight';

/** Paths of one layer's parts: norms are parameters; the others are linear layers, with ".weight" and ".bias". */
export interface LayerNames {
  readonly attentionNorm: string;
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly o: string;
  /** Norms of a head of q and k, where the model has them. */
  readonly qNorm: string;
  readonly kNorm: string;
  readonly mlpNorm: string;
  readonly gate: string;
  readonly up: string;
  readonly down: string;
}

export function layerNames(layer: number): LayerNames {
  const at = `model.layers.${layer}`;
  return {
    attentionNorm: `${at}.input_layernorm.weight`,
    q: `${at}.self_attn.q_proj`,
    k: `${at}.self_attn.k_proj`,
    v: `${at}.self_attn.v_proj`,
    o: `${at}.self_attn.o_proj`,
    qNorm: `${at}.self_attn.q_norm.weight`,
    kNorm: `${at}.self_attn.k_norm.weight`,
    mlpNorm: `${at}.post_attention_layernorm.weight`,
    gate: `${at}.mlp.gate_proj`,
    up: `${at}.mlp.up_proj`,
    down: `${at}.mlp.down_proj`,
  };
}

/** Every parameter and its shape, in the order of the forward pass. A tied head has no tensor of its own. */
export function parameterShapes(config: ModelConfig): Shapes {
  const { dim, hiddenDim, vocabSize, headDim, attentionBias } = config;
  const qDim = config.heads * headDim;
  const kvDim = config.kvHeads * headDim;
  const shapes = new Map<string, readonly number[]>([[embeddingName, [vocabSize, dim]]]);
  const linear = (module: string, outDim: number, inDim: number, bias = false): void => {
    shapes.set(`${module}.weight`, [outDim, inDim]);
    if (bias) shapes.set(`${module}.bias`, [outDim]);
  };
  for (let layer = 0; layer < config.layers; layer++) {
    const names = layerNames(layer);
    shapes.set(names.attentionNorm, [dim]);
    linear(names.q, qDim, dim, attentionBias !== undefined);
    linear(names.k, kvDim, dim, attentionBias !== undefined);
    linear(names.v, kvDim, dim, attentionBias !== undefined);
    if (config.queryKeyNorm) {
      shapes.set(names.qNorm, [headDim]);
      shapes.set(names.kNorm, [headDim]);
    }
    linear(names.o, dim, qDim, attentionBias === 'qkvo');
    shapes.set(names.mlpNorm, [dim]);
    linear(names.gate, hiddenDim, dim);
    linear(names.up, hiddenDim, dim);
    linear(names.down, dim, hiddenDim);
  }
  shapes.set(finalNormName, [dim]);
  if (!config.tieEmbeddings) shapes.set(headName, [vocabSize, dim]);
  return shapes;
}

/** The matrices of linear layers, of which mixed precision makes copies. */
export const matrixShapes = (config: ModelConfig): Shapes =>
  new Map([...parameterShapes(config)].filter(([, { length }]) => length === 2));

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function parameterCount(config: ModelConfig): number {
  let count = 0;
  for (const shape of parameterShapes(config).values()) count += elementCount(shape);
  return count;
}

/**
 * Seeded weights for training from scratch: normal with deviation 0.02, the projections that write to the
 * residual stream scaled by 1/sqrt(2 layers) so that its variance does not grow with depth, norms one, biases zero.
 */
export function initialWeights(config: ModelConfig, seed: number): NamedArrays {
  const random = seededRandom(seed);
  const residual = 0.02 / Math.sqrt(2 * config.layers);
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, shape] of parameterShapes(config)) {
    const data = new Float32Array(elementCount(shape));
    if (shape.length === 1) {
      if (!name.endsWith('.bias')) data.fill(1);
    } else {
      const deviation = name.endsWith('.o_proj.weight') || name.endsWith('.down_proj.weight') ? residual : 0.02;
      for (let i = 0; i < data.length; i++) data[i] = gaussian(random) * deviation;
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/** Throws WeightsError unless the weights are exactly the config's (a redundant lm_head of a tied model is fine). */
export function checkWeights(config: ModelConfig, weights: NamedArrays): void {
  checkTensors(parameterShapes(config), withoutIgnorable(config, weights), 'config.json');
}

/** `checkWeights` of names and shapes alone. */
export function checkWeightShapes(config: ModelConfig, found: ReadonlyMap<string, Shaped>): void {
  checkShapes(parameterShapes(config), withoutIgnorable(config, found), 'config.json');
}

interface Shaped {
  readonly shape: readonly number[];
}

function withoutIgnorable<T>({ tieEmbeddings }: ModelConfig, tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const ignorable = (name: string): boolean =>
    name.endsWith('.rotary_emb.inv_freq') || (name === headName && tieEmbeddings);
  return new Map([...tensors].filter(([name]) => !ignorable(name)));
}

/** Throws WeightsError unless the weights are exactly these, and finite. `source`: the file that asks for them. */
export function checkTensors(shapes: Shapes, weights: NamedArrays, source: string | Message): void {
  checkShapes(shapes, weights, source);
  for (const name of shapes.keys()) {
    const { data } = weights.get(name)!;
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new WeightsError(message('tensorNotFinite', { name, value: String(data[bad]), index: bad }));
  }
}

/**
 * Names the prefix that the file has or lacks, for a model that was saved without its head or inside another one; null:
 * no such prefix.
 */
function otherPrefix(name: string, weights: ReadonlyMap<string, Shaped>): Message | null {
  for (const found of weights.keys()) {
    if (name.endsWith(`.${found}`)) {
      return message('prefixMissing', { name, found, prefix: name.slice(0, -found.length) });
    }
    if (found.endsWith(`.${name}`))
      return message('prefixTooMany', { name, found, prefix: found.slice(0, -name.length) });
  }
  return null;
}

/** Runs `load`, and adds the file's path to an error about weights. Throws ModelFilesError. */
export function naming<T>(path: string | undefined, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (path === undefined || !(error instanceof SafetensorsError || error instanceof WeightsError)) throw error;
    throw new ModelFilesError(path, error.translatable);
  }
}

function checkShapes(shapes: Shapes, weights: ReadonlyMap<string, Shaped>, source: string | Message): void {
  for (const [name, shape] of shapes) {
    const found = weights.get(name);
    if (!found) throw new WeightsError(otherPrefix(name, weights) ?? message('tensorLacking', { name }));
    if (found.shape.join() !== shape.join()) {
      throw new WeightsError(
        message('tensorShape', { name, shape: found.shape.join(', '), source, wanted: shape.join(', ') }),
      );
    }
  }
  for (const name of weights.keys()) {
    if (!shapes.has(name)) {
      throw new WeightsError(message('tensorUnknown', { name }));
    }
  }
}

/**
 * Whether a matrix stays in 16 bits on the backend: those of 16-bit files do, where f16 has the range. An f16 file
 * loses nothing, a bf16 file digits of weights below 8e-6.
 */
function staysHalf({ shape, data, dtype }: NamedArray): boolean {
  const largest = 65504;
  return (
    shape.length === 2 && (dtype === 'F16' || dtype === 'BF16') && data.every((value) => Math.abs(value) <= largest)
  );
}

/**
 * Allocates tensors and writes the weights. `frozen`: they will not change, so that half precision may hold them.
 * Throws OutOfMemoryError; then nothing stays allocated.
 */
export function uploadAll(
  backend: Backend,
  shapes: Shapes,
  weights: NamedArrays,
  { frozen = false } = {},
): Map<string, Tensor> {
  const tensors = frozen ? new Map<string, Tensor>() : allocateAll(backend, shapes);
  try {
    for (const name of shapes.keys()) {
      const array = weights.get(name)!;
      const { data } = array;
      let tensor = tensors.get(name);
      if (!tensor) {
        tensor = backend.allocHalf && staysHalf(array) ? backend.allocHalf(data.length) : backend.alloc(data.length);
        tensors.set(name, tensor);
      }
      backend.write(tensor, data);
    }
  } catch (error) {
    freeAll(backend, tensors);
    throw error;
  }
  return tensors;
}

/** Matrices lie behind each other where the backend can place them so, and so do vectors: their decay differs. */
function allocateAll(backend: Backend, shapes: Shapes): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  try {
    for (const group of matricesAndVectors(shapes.keys(), shapes)) {
      const lengths = group.map((name) => elementCount(shapes.get(name)!));
      const together = backend.allocTogether?.(lengths);
      for (const [i, name] of group.entries()) tensors.set(name, together?.[i] ?? backend.alloc(lengths[i]!));
    }
  } catch (error) {
    freeAll(backend, tensors);
    throw error;
  }
  // In the order of the shapes, on which checkpoints and hashes rely.
  return new Map([...shapes.keys()].map((name) => [name, tensors.get(name)!]));
}

/** The names of matrices, and those of vectors, each in their order. */
export function matricesAndVectors(names: Iterable<string>, shapes: Shapes): [string[], string[]] {
  const all = [...names];
  const isMatrix = (name: string) => shapes.get(name)!.length > 1;
  return [all.filter(isMatrix), all.filter((name) => !isMatrix(name))];
}

/** Zeros of the same lengths, placed as these are. Throws OutOfMemoryError; then nothing stays allocated. */
export function allocateLike(
  backend: Backend,
  tensors: NamedTensors,
  dtype: 'f32' | 'f16' = 'f32',
): Map<string, Tensor> {
  const like = backend.allocLike?.([...tensors.values()], dtype);
  if (like) return new Map([...tensors.keys()].map((name, i) => [name, like[i]!]));
  const out = new Map<string, Tensor>();
  try {
    for (const [name, { length }] of tensors) {
      out.set(name, dtype === 'f16' ? backend.allocHalf!(length) : backend.alloc(length));
    }
  } catch (error) {
    freeAll(backend, out);
    throw error;
  }
  return out;
}

export function freeAll(backend: Backend, tensors: NamedTensors): void {
  for (const tensor of tensors.values()) backend.free(tensor);
}

/** The same elements in as few tensors as the backend has them in: see `wholesOf` there. */
export function wholesOf(backend: Backend, tensors: Iterable<Tensor>): readonly Tensor[] {
  const all = [...tensors];
  return backend.wholesOf?.(all) ?? all;
}

/** A hash of weights, bit by bit. */
export function hashArrays(arrays: Iterable<readonly [name: string, data: Float32Array]>): string {
  let hash = 0;
  for (const [name, { buffer, byteOffset, length }] of arrays) {
    hash = hashString(name, hash);
    for (const bits of new Int32Array(buffer, byteOffset, length)) hash = Math.imul(hash ^ bits, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** Copies tensors to the host, under the shapes of their names. */
export async function readAll(backend: Backend, shapes: Shapes, tensors: NamedTensors): Promise<NamedArrays> {
  const out = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, tensor] of tensors) {
    out.set(name, { shape: shapes.get(name)!, data: await backend.read(tensor) });
  }
  return out;
}

export function writeAll(backend: Backend, tensors: NamedTensors, arrays: NamedArrays): void {
  for (const [name, tensor] of tensors) {
    const found = arrays.get(name);
    if (!found) throw new WeightsError(message('tensorMissing', { name }));
    backend.write(tensor, found.data);
  }
}
