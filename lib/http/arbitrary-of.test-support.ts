/**
 * Generates inputs from a route's own zod schema. Most parts of a value are valid and some may be hostile, so that
 * tests reach the code behind the schema and find what the schema lets through.
 */
import fc from 'fast-check';
import type * as z from 'zod';

/** Nested so deeply that recursion over it overflows the stack. */
const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

export const hostileTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\uffff\ufffe',
  '../../etc/passwd',
  '__proto__',
  "' or 1=1 --",
  '%00',
  '%ff',
  '-1',
  '1e400',
  '9'.repeat(400),
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59+14:00',
  '+275760-09-13T00:00:00Z',
  'x'.repeat(70_000),
  '🙂'.repeat(2_000),
] as const;

/** Hostile texts that a schema for strings accepts. */
const nastyTexts = ['\0', 'a\0b', 'x\ud800', '\udc00x', '\uffff', '__proto__', '\u202e', '1e999', '%00'];

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...hostileTexts),
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    -1,
    0.5,
    -0,
    1e308,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    Number.MAX_SAFE_INTEGER,
  ),
  fc.constant(null).map(() => deep(5_000)),
  fc.constant({ ['__proto__']: { admin: true }, constructor: { prototype: {} } }),
  fc.array(fc.constantFrom('a', 1, null), { minLength: 3_000, maxLength: 3_000 }),
);

interface Definition {
  type: string;
  [name: string]: unknown;
}
type Bounds = { minimum?: number; maximum?: number; format?: string; pattern?: RegExp };
type Schema = z.core.$ZodType;

const definitionOf = (schema: Schema) => schema._zod.def as unknown as Definition;

/** A valid value except for one field, whose value is hostile but of the right type. `ids`: ids of existing things. */
export function spoiledOnce(schema: z.ZodType, ids: readonly string[]): fc.Arbitrary<unknown> {
  // Refinements are satisfied only by chance: take the first of a few values that is valid, else the first.
  const right = fc
    .array(arbitraryOf(schema, ids, false), { minLength: 8, maxLength: 8 })
    .map((all) => all.find((value) => schema.safeParse(value).success) ?? all[0]);
  const nasty = fc.record({
    at: fc.nat(),
    text: fc.constantFrom(...nastyTexts),
    number: fc.constantFrom(2 ** 31, 2 ** 53 - 1, 1e308, -1, 0.5, 99_999_999_999),
    appended: fc.boolean(),
  });
  return fc.tuple(right, nasty).map(([value, { at, text, number, appended }]) => {
    const whole = { value: structuredClone(value) };
    const places = leavesOf(whole);
    const [holder, key] = places[at % places.length]!;
    const leaf = holder[key];
    holder[key] = typeof leaf === 'number' ? number : typeof leaf === 'string' && appended ? `${leaf}${text}` : text;
    return whole.value;
  });
}

type Holder = Record<string, unknown>;

function leavesOf(value: object): [Holder, string][] {
  return Object.entries(value).flatMap(([key, inner]): [Holder, string][] =>
    typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0
      ? leavesOf(inner)
      : [[value as Holder, key]],
  );
}

/** @param anywhere whether any part of the value may be hostile */
export function arbitraryOf(schema: Schema, ids: readonly string[], anywhere = true): fc.Arbitrary<unknown> {
  const of = (inner: unknown) => arbitraryOf(inner as Schema, ids, anywhere);
  const spoiled = (right: fc.Arbitrary<unknown>) =>
    anywhere ? fc.oneof({ weight: 24, arbitrary: right }, { weight: 1, arbitrary: hostile }) : right;
  const definition = definitionOf(schema);
  const bounds = schema._zod.bag as Bounds;
  switch (definition.type) {
    case 'string':
      return spoiled(textOf(bounds, ids));
    case 'number':
    case 'int':
      return spoiled(numberOf(bounds));
    case 'boolean':
      return spoiled(fc.boolean());
    case 'null':
      return fc.constant(null);
    case 'enum':
      return spoiled(fc.constantFrom(...Object.values(definition.entries as object)));
    case 'literal':
      return spoiled(fc.constantFrom(...(definition.values as unknown[])));
    case 'object': {
      const shape = definition.shape as Record<string, Schema>;
      const needed = Object.keys(shape).filter((key) => shape[key]!._zod.optin !== 'optional');
      const fields = Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, of(inner)]));
      return spoiled(fc.record(fields, { requiredKeys: needed }));
    }
    case 'array': {
      const { minimum = 0, maximum = 3 } = bounds;
      return spoiled(
        fc.array(of(definition.element), {
          minLength: minimum,
          maxLength: Math.max(minimum, Math.min(maximum, minimum + 3)),
        }),
      );
    }
    case 'tuple':
      return spoiled(fc.tuple(...(definition.items as unknown[]).map(of)));
    case 'record':
      return spoiled(fc.dictionary(fc.string({ maxLength: 8 }), of(definition.valueType), { maxKeys: 3 }));
    case 'union':
      return fc.oneof(...(definition.options as unknown[]).map(of));
    case 'optional':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      return of(definition.innerType);
    case 'nullable':
      return fc.option(of(definition.innerType), { freq: 4 });
    case 'lazy':
      return of((definition.getter as () => Schema)());
    case 'pipe':
      // A preprocess step accepts anything; the actual schema is its output.
      return of(definitionOf(definition.in as Schema).type === 'transform' ? definition.out : definition.in);
    case 'any':
    case 'unknown':
    case 'transform':
      return spoiled(fc.jsonValue({ maxDepth: 2 }));
    default:
      throw new Error(`No inputs are made for ${definition.type} yet.`);
  }
}

function numberOf({ minimum = -5, maximum = 1_000 }: Bounds): fc.Arbitrary<number> {
  const [low, high] = [Math.max(minimum, -(2 ** 53)), Math.min(maximum, 2 ** 53)];
  const near = fc.integer({ min: Math.ceil(low), max: Math.floor(Math.min(high, Math.ceil(low) + 6)) });
  return fc.oneof(
    { weight: 4, arbitrary: near },
    { weight: 1, arbitrary: fc.constantFrom(low, high, (low + high) / 2) },
  );
}

function textOf({ minimum = 0, maximum = 60, format, pattern }: Bounds, ids: readonly string[]): fc.Arbitrary<string> {
  const some = fc.constantFrom(...ids);
  if (format === 'uuid') return fc.oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: fc.uuid() });
  if (format === 'email') return fc.emailAddress();
  if (format === 'url') return fc.webUrl();
  if (format === 'datetime')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((day) => day.toISOString());
  if (pattern) return fc.oneof(fc.stringMatching(pattern), some);
  const length = { minLength: minimum, maxLength: Math.max(minimum, Math.min(maximum, minimum + 60)) };
  return fc.oneof(fc.string(length), fc.string({ ...length, unit: 'grapheme' }), some);
}
