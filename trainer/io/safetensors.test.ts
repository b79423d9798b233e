import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, toBrainFloat, toHalf } from './half-precision';
import { parseSafetensors, readSafetensorsMetadata, type SafetensorsDtype, serializeSafetensors } from './safetensors';

/** The f32 value whose upper half is the bf16. */
const fromBrainFloat = (half: number): number => new Float32Array(Uint32Array.of(half << 16).buffer)[0]!;

/** A file from header text (or object) and data bytes. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const lengthOnly = (length: bigint, rest = 0) => {
  const bytes = new Uint8Array(8 + rest);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
};
const f32 = (shape: unknown, data_offsets: unknown, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets });

const malformed: [string, Uint8Array, string][] = [
  ['no bytes', new Uint8Array(0), 'the file has 0 bytes; the header length alone takes 8'],
  ['seven bytes', new Uint8Array(7), 'the file has 7 bytes'],
  ['a header of 2^63 bytes', lengthOnly(2n ** 63n), 'the header claims 9223372036854775808 bytes; at most 100000000'],
  ['an empty header', lengthOnly(0n), 'the header is empty'],
  ['a cut-off header', lengthOnly(50n, 10), 'the header claims 50 bytes, but only 10 follow'],
  ['a header that is not UTF-8', new Uint8Array([...lengthOnly(2n), 0xff, 0xfe]), 'not valid UTF-8'],
  ['a header that is a list', file('[1,2]'), 'does not begin with "{"'],
  ['leading space', file(' {}'), 'does not begin with "{"'],
  ['broken JSON', file('{"a":'), 'the header is not JSON'],
  [
    'a tensor listed twice',
    file(`{"a":${JSON.stringify(f32([1], [0, 4]))},"a":${JSON.stringify(f32([1], [0, 4]))}}`, 4),
    'tensor "a" is listed twice',
  ],
  [
    'a repeated key in an entry',
    file('{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
    'repeats the key "dtype"',
  ],
  ['metadata that is a number', file({ __metadata__: 3 }), '__metadata__ is not a map'],
  ['metadata holding a number', file({ __metadata__: { a: 1 } }), '__metadata__ is not a map'],
  ['an entry that is a string', file({ a: 'F32' }), 'tensor "a": its entry is not an object'],
  ['no dtype', file({ a: { shape: [1], data_offsets: [0, 4] } }, 4), 'tensor "a": dtype is missing'],
  ['an unknown dtype', file({ a: f32([1], [0, 8], 'I64') }, 8), 'tensor "a": dtype I64 is not supported'],
  ['an inherited dtype', file({ a: f32([1], [0, 8], 'toString') }, 8), 'dtype toString is not supported'],
  ['no shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), 'tensor "a": shape is missing'],
  ['a negative size', file({ a: f32([-1], [0, 4]) }, 4), 'shape [-1] has a size that is not a whole number'],
  ['half a size', file({ a: f32([1.5], [0, 6]) }, 6), 'shape [1.5] has a size'],
  ['no offsets', file({ a: { dtype: 'F32', shape: [1] } }, 4), 'tensor "a": data_offsets is missing'],
  ['three offsets', file({ a: f32([1], [0, 4, 8]) }, 8), 'data_offsets is missing or not a pair'],
  ['a negative offset', file({ a: f32([1], [-4, 0]) }, 4), 'data_offsets [-4,0] are not whole numbers'],
  ['offsets that run backwards', file({ a: f32([1], [4, 0]) }, 4), 'data_offsets run backwards, from 4 to 0'],
  ['data past the end', file({ a: f32([2], [0, 8]) }, 4), 'its data ends at byte 8, but the file holds 4'],
  [
    'a shape that does not fit',
    file({ a: f32([3], [0, 8]) }, 8),
    'shape [3] of F32 takes 12 bytes, but data_offsets give 8',
  ],
  ['a shape beyond counting', file({ a: f32([2 ** 40, 2 ** 40], [0, 4]) }, 4), 'too many elements'],
  [
    'an overlap',
    file({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, 8),
    'tensor "b" starts at byte 4 and overlaps "a", which ends at 8',
  ],
  ['a hole', file({ a: f32([1], [0, 4]), b: f32([1], [8, 12]) }, 12), '4 bytes before tensor "b" belong to no tensor'],
  ['a hole at the start', file({ a: f32([1], [4, 8]) }, 8), '4 bytes before tensor "a"'],
  ['bytes left over', file({ a: f32([1], [0, 4]) }, 9), '5 bytes after the last tensor'],
];

describe('parseSafetensors refuses', () => {
  it.each(malformed)('%s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });

  it('or accepts any bytes with its own kind of error, never another', () => {
    const valid = serializeSafetensors(new Map([['a', { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) }]]));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (edits) => {
          const bytes = valid.slice();
          for (const [at, value] of edits) bytes[at] = value;
          try {
            parseSafetensors(bytes);
          } catch (error) {
            expect((error as Error).name).toBe('SafetensorsError');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

const sameBits = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

describe('round trip', () => {
  const tensor = fc
    .tuple(fc.array(fc.nat(4), { maxLength: 3 }), fc.infiniteStream(fc.float({ noNaN: false })))
    .map(([shape, values]) => {
      const size = shape.reduce((product, value) => product * value, 1);
      return { shape, data: Float32Array.from({ length: size }, () => values.next().value as number) };
    });
  const names = fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__');

  it('f32 comes back bit for bit, whatever the names, shapes and metadata', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, tensor), { selector: ([name]) => name, maxLength: 6 }),
        fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
        (entries, metadata) => {
          const bytes = serializeSafetensors(new Map(entries), { metadata });
          const parsed = parseSafetensors(bytes);
          expect(parsed.size).toBe(entries.length);
          for (const [name, { shape, data }] of entries) {
            expect(parsed.get(name)?.shape).toEqual(shape);
            expect(sameBits(parsed.get(name)!.data, data)).toBe(true);
          }
          expect(readSafetensorsMetadata(bytes)).toEqual({ ...metadata });
        },
      ),
    );
  });

  it.each<[SafetensorsDtype, (half: number) => number]>([
    ['F16', fromHalf],
    ['BF16', fromBrainFloat],
  ])('all 65,536 values of %s come back', (dtype, widen) => {
    const data = Float32Array.from({ length: 65536 }, (_, half) => widen(half));
    const parsed = parseSafetensors(serializeSafetensors(new Map([['x', { shape: [65536], data }]]), { dtype }));
    expect(parsed.get('x')?.dtype).toBe(dtype);
    expect(sameBits(parsed.get('x')!.data, data)).toBe(true);
  });

  it('refuses to write a shape that does not hold the data', () => {
    expect(() => serializeSafetensors(new Map([['x', { shape: [3], data: new Float32Array(2) }]]))).toThrow(
      'shape [3] does not hold 2 values',
    );
  });
});

describe('narrowing rounds to nearest, ties to even', () => {
  it.each<[string, (value: number) => number, (half: number) => number, number]>([
    ['f16', toHalf, fromHalf, 0x7c00],
    ['bf16', toBrainFloat, fromBrainFloat, 0x7f80],
  ])('%s', (_, narrow, widen, infinity) => {
    for (let half = 0; half < infinity - 1; half += 7) {
      const low = widen(half);
      const high = widen(half + 1);
      // f32 holds the midpoint of two neighbours exactly.
      const middle = (low + high) / 2;
      expect(narrow(middle)).toBe(half % 2 === 0 ? half : half + 1);
      expect(narrow(low + (high - low) * 0.26)).toBe(half);
      expect(narrow(low + (high - low) * 0.74)).toBe(half + 1);
      expect(narrow(-middle) & 0x7fff).toBe(narrow(middle));
    }
    expect(widen(narrow(Number.NaN))).toBeNaN();
    expect(widen(narrow(-Infinity))).toBe(-Infinity);
    expect(Object.is(widen(narrow(-0)), -0)).toBe(true);
  });

  it('f16 overflows to infinity from 65520', () => {
    expect(fromHalf(toHalf(65519))).toBe(65504);
    expect(fromHalf(toHalf(65520))).toBe(Infinity);
    expect(fromHalf(toHalf(-1e30))).toBe(-Infinity);
  });
});

describe('real files', () => {
  const shared = new URL('../../../shared/', import.meta.url);
  it.skipIf(!existsSync(shared))('stories260K (skipped when ../shared is absent)', () => {
    const tensors = parseSafetensors(readFileSync(new URL('models/stories260K/model.safetensors', shared)));
    expect(tensors.get('model.embed_tokens.weight')?.shape).toEqual([512, 64]);
    for (const { data } of tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
  });
});
