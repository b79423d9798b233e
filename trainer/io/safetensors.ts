/**
 * The safetensors format: 8 bytes of little-endian header length, a JSON header, then one flat data block. A file comes
 * from outside, so parsing trusts nothing; every violation has its own message.
 */

import { type Message, message } from '../contract/message';
import { jsonFault, scanJson } from '../data/json-scan';
import { TrainerError } from '../trainer-error';
import { detectForeignFile } from './foreign-file';
import { toBrainFloat, toHalf, widenBrainFloat, widenHalf } from './half-precision';

export type SafetensorsDtype = 'F32' | 'F16' | 'BF16';

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major values, widened to f32; own memory, not a view of the file. */
  readonly data: Float32Array;
}

/** A file violates the format. */
export class SafetensorsError extends TrainerError {
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

/** Tensors as a file's header describes them. */
export type TensorHeaders = ReadonlyMap<
  string,
  { readonly dtype: SafetensorsDtype; readonly shape: readonly number[] }
>;

/** Number of bytes that `readSafetensorsHeader` needs, given the first 8. Throws SafetensorsError. */
export function safetensorsHeaderBytes(start: Uint8Array): number {
  return 8 + headerLength(start);
}

/**
 * Reads the tensors' descriptions from the start of a file of `fileBytes` bytes, with the checks of `parseSafetensors`.
 * Throws SafetensorsError.
 */
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
    throw new SafetensorsError(message('fileTooShort', { bytes: bytes.length }));
  }
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes)) {
    const instead = detectForeignFile(bytes);
    if (instead) throw new SafetensorsError(instead);
    throw new SafetensorsError(message('headerTooLong', { bytes: String(declared), most: maxHeaderBytes }));
  }
  const length = Number(declared);
  if (length === 0) throw new SafetensorsError(message('headerEmpty'));
  return length;
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  const length = headerLength(bytes);
  if (8 + length > bytes.length) {
    throw new SafetensorsError(message('headerCutOff', { bytes: length, left: bytes.length - 8 }));
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  } catch {
    throw new SafetensorsError(message('headerNotUtf8'));
  }
  if (!text.startsWith('{')) throw new SafetensorsError(message('headerNotObject'));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new SafetensorsError(message('headerNotJson', { reason: jsonFault(text) }));
  }
  const [duplicate] = scanJson(text).repeatedKeys;
  if (duplicate) {
    throw new SafetensorsError(message(duplicate.depth === 1 ? 'tensorTwice' : 'keyTwice', { name: duplicate.key }));
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
  if (!valid) throw new SafetensorsError(message('metadataNotStrings'));
}

function parseEntry(name: string, value: unknown, dataLength: number): Entry {
  const fail = (reason: Message): never => {
    throw new SafetensorsError(message('ofTensor', { name, reason }));
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(message('entryNotObject'));
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string') return fail(message('dtypeMissing'));
  if (!Object.hasOwn(dtypeBytes, dtype)) return fail(message('dtypeNotSupported', { dtype }));
  if (!Array.isArray(shape)) return fail(message('shapeMissing'));
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    return fail(message('shapeNotWhole', { shape: JSON.stringify(shape) }));
  }
  if (!Array.isArray(offsets) || offsets.length !== 2) return fail(message('offsetsMissing'));
  const [begin, end] = offsets as [number, number];
  if (![begin, end].every((offset) => Number.isSafeInteger(offset) && offset >= 0)) {
    return fail(message('offsetsNotWhole', { offsets: JSON.stringify(offsets) }));
  }
  if (begin > end) return fail(message('offsetsBackwards', { begin, end }));
  if (end > dataLength) {
    return fail(message('dataBeyondEnd', { end, bytes: dataLength }));
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements)) return fail(message('shapeTooLarge', { shape: JSON.stringify(shape) }));
  const wanted = elements * dtypeBytes[dtype as SafetensorsDtype];
  if (wanted !== end - begin) {
    return fail(message('shapeNotOfData', { shape: JSON.stringify(shape), dtype, wanted, given: end - begin }));
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
      throw new SafetensorsError(message('tensorsOverlap', { name, begin, other: previous, end: position }));
    }
    if (begin > position) {
      throw new SafetensorsError(message('holeBeforeTensor', { bytes: begin - position, name }));
    }
    position = end;
    previous = name;
  }
  if (position < dataLength) {
    throw new SafetensorsError(message('bytesAfterTensors', { bytes: dataLength - position }));
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
  // A list, since an object would lose a tensor named "__proto__".
  const entries: [string, unknown][] = metadata ? [['__metadata__', metadata]] : [];
  let position = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    if (name === '__metadata__') throw new SafetensorsError(message('metadataIsNoTensor'));
    if (shape.reduce((product, size) => product * size, 1) !== data.length) {
      const reason = message('shapeNotOfValues', { shape: JSON.stringify(shape), count: data.length });
      throw new SafetensorsError(message('ofTensor', { name, reason }));
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
  for (const name of names) offset = narrow(bytes, offset, name, tensors.get(name)!.data, dtype);
  return bytes;
}

function narrow(
  bytes: Uint8Array<ArrayBuffer>,
  offset: number,
  name: string,
  data: Float32Array,
  dtype: SafetensorsDtype,
): number {
  if (dtype === 'F32') {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return offset + data.byteLength;
  }
  const round = dtype === 'F16' ? toHalf : toBrainFloat;
  const infinite = dtype === 'F16' ? 0x7c00 : 0x7f80;
  for (let i = 0; i < data.length; i++) {
    const half = round(data[i] as number);
    if ((half & 0x7fff) === infinite && Number.isFinite(data[i])) {
      throw new SafetensorsError(
        message('ofTensor', { name, reason: message('beyondDtype', { value: data[i]!, dtype }) }),
      );
    }
    bytes[offset + 2 * i] = half & 0xff;
    bytes[offset + 2 * i + 1] = half >>> 8;
  }
  return offset + 2 * data.length;
}
