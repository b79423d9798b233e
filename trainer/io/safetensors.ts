/**
 * The safetensors format: 8 bytes of little-endian header length, a JSON header, then one flat data block.
 * A file comes from outside, so parsing trusts nothing: every rule broken has its own sentence.
 */
import { duplicateKey } from './duplicate-key';
import { toBrainFloat, toHalf, widenBrainFloat, widenHalf } from './half-precision';

export type SafetensorsDtype = 'F32' | 'F16' | 'BF16';

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major values, widened to f32; own memory, not a view of the file. */
  readonly data: Float32Array;
}

/** What a file's bytes get wrong. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

const maxHeaderBytes = 100_000_000;
const dtypeBytes: Record<SafetensorsDtype, number> = { F32: 4, F16: 2, BF16: 2 };

interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Parses and validates a whole file. Throws SafetensorsError. */
export function parseSafetensors(bytes: Uint8Array): Map<string, SafetensorsTensor> {
  const { header, dataStart } = readHeader(bytes);
  const dataLength = bytes.length - dataStart;
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => parseEntry(name, value, dataLength));
  checkLayout(entries, dataLength);
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    tensors.set(name, { dtype, shape, data: widen(dtype, bytes.subarray(dataStart + begin, dataStart + end)) });
  }
  return tensors;
}

/** What a file's header says of its tensors. */
export type TensorHeaders = ReadonlyMap<
  string,
  { readonly dtype: SafetensorsDtype; readonly shape: readonly number[] }
>;

/** Bytes of the file's start that `readSafetensorsHeader` needs, from its first 8. Throws SafetensorsError. */
export function safetensorsHeaderBytes(start: Uint8Array): number {
  return 8 + headerLength(start);
}

/** The tensors of a file of `fileBytes` bytes from its start alone: what `parseSafetensors` checks. Throws SafetensorsError. */
export function readSafetensorsHeader(start: Uint8Array, fileBytes: number): TensorHeaders {
  const { header, dataStart } = readHeader(start);
  const dataLength = fileBytes - dataStart;
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => parseEntry(name, value, dataLength));
  checkLayout(entries, dataLength);
  return new Map(entries.map(({ name, dtype, shape }) => [name, { dtype, shape }]));
}

/** The `__metadata__` strings of a file; empty when it has none. Throws SafetensorsError. */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  return (readHeader(bytes).header.__metadata__ ?? {}) as Record<string, string>;
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 8) {
    throw new SafetensorsError(`the file has ${bytes.length} bytes; the header length alone takes 8`);
  }
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes)) {
    throw new SafetensorsError(`the header claims ${declared} bytes; at most ${maxHeaderBytes} are allowed`);
  }
  const length = Number(declared);
  if (length === 0) throw new SafetensorsError('the header is empty');
  return length;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  const length = headerLength(bytes);
  if (8 + length > bytes.length) {
    throw new SafetensorsError(
      `the header claims ${length} bytes, but only ${bytes.length - 8} follow: the file is cut off`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  } catch {
    throw new SafetensorsError('the header is not valid UTF-8');
  }
  if (!text.startsWith('{')) throw new SafetensorsError('the header does not begin with "{"');
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError(`the header is not JSON: ${(error as Error).message}`);
  }
  const duplicate = duplicateKey(text);
  if (duplicate) {
    throw new SafetensorsError(
      duplicate.depth === 1
        ? `tensor "${duplicate.key}" is listed twice in the header`
        : `the header repeats the key "${duplicate.key}" inside one entry`,
    );
  }
  checkMetadata((header as Record<string, unknown>).__metadata__);
  return { header: header as Record<string, unknown>, dataStart: 8 + length };
}

function checkMetadata(metadata: unknown): void {
  if (metadata === undefined) return;
  const valid =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.values(metadata).every((value) => typeof value === 'string');
  if (!valid) throw new SafetensorsError('__metadata__ is not a map from strings to strings');
}

function parseEntry(name: string, value: unknown, dataLength: number): Entry {
  const fail = (problem: string): never => {
    throw new SafetensorsError(`tensor "${name}": ${problem}`);
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('its entry is not an object');
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string') return fail('dtype is missing or not a string');
  if (!Object.hasOwn(dtypeBytes, dtype)) return fail(`dtype ${dtype} is not supported; F32, F16 and BF16 are`);
  if (!Array.isArray(shape)) return fail('shape is missing or not a list');
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    return fail(`shape ${JSON.stringify(shape)} has a size that is not a whole number from 0`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2) return fail('data_offsets is missing or not a pair');
  const [begin, end] = offsets as [number, number];
  if (![begin, end].every((offset) => Number.isSafeInteger(offset) && offset >= 0)) {
    return fail(`data_offsets ${JSON.stringify(offsets)} are not whole numbers from 0`);
  }
  if (begin > end) return fail(`data_offsets run backwards, from ${begin} to ${end}`);
  if (end > dataLength) {
    return fail(`its data ends at byte ${end}, but the file holds ${dataLength} bytes of data`);
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements)) return fail(`shape ${JSON.stringify(shape)} has too many elements`);
  const wanted = elements * dtypeBytes[dtype as SafetensorsDtype];
  if (wanted !== end - begin) {
    return fail(
      `shape ${JSON.stringify(shape)} of ${dtype} takes ${wanted} bytes, but data_offsets give ${end - begin}`,
    );
  }
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, end };
}

/** Tensors must tile the data block exactly: a gap can hide bytes, an overlap can alias weights. */
function checkLayout(entries: readonly Entry[], dataLength: number): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  let previous = '';
  for (const { name, begin, end } of sorted) {
    if (begin < position) {
      throw new SafetensorsError(
        `tensor "${name}" starts at byte ${begin} and overlaps "${previous}", which ends at ${position}`,
      );
    }
    if (begin > position) {
      throw new SafetensorsError(`${begin - position} bytes before tensor "${name}" belong to no tensor (a hole)`);
    }
    position = end;
    previous = name;
  }
  if (position < dataLength) {
    throw new SafetensorsError(`${dataLength - position} bytes after the last tensor belong to no tensor`);
  }
}

function widen(dtype: SafetensorsDtype, bytes: Uint8Array): Float32Array {
  // A copy by constructor: a Node Buffer's own slice() would be a view of its pool.
  if (dtype === 'F32') return new Float32Array(new Uint8Array(bytes).buffer);
  const out = new Float32Array(bytes.length / 2);
  if (dtype === 'F16') widenHalf(out, bytes);
  else widenBrainFloat(out, bytes);
  return out;
}

export interface SerializeOptions {
  /** On disk; values are rounded to nearest, ties to even. Default F32. */
  readonly dtype?: SafetensorsDtype;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes tensors sorted by name, so equal content gives equal bytes. Throws SafetensorsError when a shape does not fit. */
export function serializeSafetensors(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>,
  { dtype = 'F32', metadata }: SerializeOptions = {},
): Uint8Array<ArrayBuffer> {
  const names = [...tensors.keys()].sort((a, b) => (a < b ? -1 : 1));
  // A list and not an object, whose "__proto__" key would vanish: a tensor may bear any name.
  const entries: [string, unknown][] = metadata ? [['__metadata__', metadata]] : [];
  let position = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    if (name === '__metadata__') throw new SafetensorsError('a tensor may not be called "__metadata__"');
    if (shape.reduce((product, size) => product * size, 1) !== data.length) {
      throw new SafetensorsError(
        `tensor "${name}": shape ${JSON.stringify(shape)} does not hold ${data.length} values`,
      );
    }
    const end = position + data.length * dtypeBytes[dtype];
    entries.push([name, { dtype, shape, data_offsets: [position, end] }]);
    position = end;
  }
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  let header = new TextEncoder().encode(json);
  // Spaces up to a multiple of 8 keep the data aligned, as the reference implementation does.
  const padding = (8 - (header.length % 8)) % 8;
  if (padding > 0) header = new TextEncoder().encode(json + ' '.repeat(padding));
  const bytes = new Uint8Array(8 + header.length + position);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let offset = 8 + header.length;
  for (const name of names) offset = narrow(bytes, offset, tensors.get(name)!.data, dtype);
  return bytes;
}

function narrow(bytes: Uint8Array<ArrayBuffer>, offset: number, data: Float32Array, dtype: SafetensorsDtype): number {
  if (dtype === 'F32') {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return offset + data.byteLength;
  }
  const round = dtype === 'F16' ? toHalf : toBrainFloat;
  for (let i = 0; i < data.length; i++) {
    const half = round(data[i] as number);
    bytes[offset + 2 * i] = half & 0xff;
    bytes[offset + 2 * i + 1] = half >>> 8;
  }
  return offset + 2 * data.length;
}
