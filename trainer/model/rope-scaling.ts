/**
 * Rotary position embeddings, and their scaling for contexts longer than the original training, read from config.json
 * as transformers does. Every kind changes the frequencies; yarn also scales queries and keys.
 */
import * as z from 'zod';
import { listedIssues } from '../contract/issues';
import { listed, type Message, message, messageKey } from '../contract/message';

export type RopeScaling =
  /** Every frequency divided by `factor`. */
  | { readonly type: 'linear'; readonly factor: number }
  /**
   * Frequencies that depend on a text's length once it exceeds max_position_embeddings. No text does here, so the
   * rotation is the plain one; the kind is preserved in a saved model.
   */
  | { readonly type: 'dynamic'; readonly factor: number }
  /**
   * Llama 3.1: frequencies that turn more than `highFrequencyFactor` times within `originalMaxPositions` stay, those
   * that turn less than `lowFrequencyFactor` times are divided by `factor`, those between are blended.
   */
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalMaxPositions: number;
    }
  /**
   * Frequencies that turn more than `betaFast` times within `originalMaxPositions` stay, those that turn less than
   * `betaSlow` times are divided by `factor`, those between are blended along their index; with `truncate` the two
   * borders are whole indices. Cosine and sine count `attentionFactor` times.
   */
  | {
      readonly type: 'yarn';
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly originalMaxPositions: number;
      readonly attentionFactor: number;
      readonly truncate: boolean;
    };

export interface Rope {
  readonly theta: number;
  readonly scaling: RopeScaling | null;
}

/** The fields of config.json that define the rotation. */
export interface RopeFields {
  readonly rope_theta?: number | null;
  readonly rope_scaling?: unknown;
  /** Replaces the other two in newer files. */
  readonly rope_parameters?: unknown;
  readonly partial_rotary_factor?: number | null;
  readonly original_max_position_embeddings?: number | null;
}

const positive = z.number().positive();
const size = z.int().positive();
const factor = z.number().min(1);

const commonFields = {
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: z.number().nullish(),
};
const commonSchema = z.looseObject(commonFields);
const linearSchema = z.looseObject({ factor });
const llama3Schema = z
  .looseObject({
    factor,
    low_freq_factor: positive,
    high_freq_factor: positive,
    original_max_position_embeddings: size,
  })
  .refine((c) => c.high_freq_factor > c.low_freq_factor, { message: messageKey('highMustExceedLow') });
const yarnSchema = z
  .looseObject({
    factor: factor.nullable(),
    original_max_position_embeddings: size,
    attention_factor: positive.nullish(),
    beta_fast: z.number().min(0).nullish(),
    beta_slow: z.number().min(0).nullish(),
    mscale: z.number().min(0).nullish(),
    mscale_all_dim: z.number().min(0).nullish(),
    truncate: z.boolean().nullish(),
  })
  .refine((c) => (c.beta_fast || 32) >= (c.beta_slow || 1), { message: messageKey('fastMustExceedSlow') });

/**
 * Fields that the dictionary may have; an unknown one could change the rotation. `finetuned` is a remark in early
 * files.
 */
const knownFields: ReadonlySet<string> = new Set([
  ...Object.keys(commonFields),
  'finetuned',
  ...[linearSchema, llama3Schema, yarnSchema].flatMap((schema) => Object.keys(schema.shape)),
]);

/** Kinds of layers that may have a rotation of their own. Only full attention is supported, and checked elsewhere. */
const layerTypes = ['full_attention', 'sliding_attention', 'chunked_attention', 'linear_attention'];

type Dictionary = Readonly<Record<string, unknown>>;

/**
 * The rotation that config.json asks for, or what is wrong with it. As in transformers, a rope_scaling that is not
 * empty replaces rope_parameters, and fields of the dictionary take precedence over the same fields outside.
 */
export function readRope(c: RopeFields, maxPositions: number): Rope | Message {
  const field = isEmpty(c.rope_scaling) ? 'rope_parameters' : 'rope_scaling';
  const found = ofFullAttention(c[field] ?? {}, field);
  if ('key' in found) return found as Message;
  const common = commonSchema.safeParse(found);
  if (!common.success) return listedIssues(common.error, field);
  const unknown = Object.keys(found).filter((key) => !knownFields.has(key) && !isEmpty(found[key]));
  if (unknown.length > 0) {
    return message('notSupported', {
      features: listed(unknown.map((key) => message('plainField', { field: `${field}.${key}` }))),
    });
  }
  const rotated = common.data.partial_rotary_factor ?? c.partial_rotary_factor ?? 1;
  if (rotated !== 1) return message('notSupported', { features: `partial_rotary_factor ${rotated}` });
  const original = c.original_max_position_embeddings ?? found.original_max_position_embeddings ?? maxPositions;
  const scaling = readScaling({ ...found, original_max_position_embeddings: original }, field, maxPositions);
  if (scaling !== null && 'key' in scaling) return scaling;
  return { theta: common.data.rope_theta ?? c.rope_theta ?? 10_000, scaling };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function ofFullAttention(value: unknown, field: string): Dictionary | Message {
  if (typeof value !== 'object' || Array.isArray(value)) {
    return message('fieldProblem', {
      field,
      reason: message('mustBe', { expected: 'object', received: typeof value }),
    });
  }
  const dictionary = value as Dictionary;
  if (!Object.keys(dictionary).some((key) => layerTypes.includes(key))) return dictionary;
  return ofFullAttention(dictionary.full_attention ?? 'undefined', `${field}.full_attention`);
}

function readScaling(dictionary: Dictionary, field: string, maxPositions: number): RopeScaling | null | Message {
  const type = dictionary.rope_type ?? dictionary.type ?? 'default';
  if (type === 'default') return null;
  if (type === 'linear' || type === 'dynamic') {
    const parsed = linearSchema.safeParse(dictionary);
    return parsed.success ? { type, factor: parsed.data.factor } : listedIssues(parsed.error, field);
  }
  if (type === 'llama3') {
    const parsed = llama3Schema.safeParse(dictionary);
    if (!parsed.success) return listedIssues(parsed.error, field);
    return {
      type,
      factor: parsed.data.factor,
      lowFrequencyFactor: parsed.data.low_freq_factor,
      highFrequencyFactor: parsed.data.high_freq_factor,
      originalMaxPositions: parsed.data.original_max_position_embeddings,
    };
  }
  if (type === 'yarn') {
    const parsed = yarnSchema.safeParse(dictionary);
    return parsed.success ? yarnOf(parsed.data, maxPositions) : listedIssues(parsed.error, field);
  }
  return message('ropeTypeNotSupported', { type: String(type) });
}

/** As in transformers, 0 counts as absent and gets the default. */
function yarnOf(c: z.infer<typeof yarnSchema>, maxPositions: number): RopeScaling {
  const stretched = c.factor ?? maxPositions / c.original_max_position_embeddings;
  const lengthened = (scale: number) => (stretched <= 1 ? 1 : 0.1 * scale * Math.log(stretched) + 1);
  return {
    type: 'yarn',
    factor: stretched,
    betaFast: c.beta_fast || 32,
    betaSlow: c.beta_slow || 1,
    originalMaxPositions: c.original_max_position_embeddings,
    attentionFactor:
      c.attention_factor ??
      (c.mscale && c.mscale_all_dim ? lengthened(c.mscale) / lengthened(c.mscale_all_dim) : lengthened(1)),
    truncate: c.truncate ?? true,
  };
}

export function serializeRopeScaling(scaling: RopeScaling): Record<string, unknown> {
  const { type, factor } = scaling;
  switch (scaling.type) {
    case 'linear':
    case 'dynamic':
      return { rope_type: type, factor };
    case 'llama3':
      return {
        rope_type: type,
        factor,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.originalMaxPositions,
      };
    case 'yarn':
      return {
        rope_type: type,
        factor,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        original_max_position_embeddings: scaling.originalMaxPositions,
        attention_factor: scaling.attentionFactor,
        truncate: scaling.truncate,
      };
  }
}

/** The frequencies of the rotation, [headDim/2], in radians per position. */
export function ropeFrequencies(headDim: number, theta: number, scaling: RopeScaling | undefined): Float64Array {
  const half = headDim / 2;
  const plain = Float64Array.from({ length: half }, (_, j) => theta ** (-j / half));
  switch (scaling?.type) {
    case undefined:
    case 'dynamic':
      return plain;
    case 'linear':
      return plain.map((frequency) => frequency / scaling.factor);
    case 'llama3': {
      const { lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions } = scaling;
      return plain.map((frequency) => {
        const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
        return blend(frequency, scaling.factor, (turns - low) / (high - low));
      });
    }
    case 'yarn': {
      const [first, last] = yarnBorders(headDim, theta, scaling);
      return plain.map((frequency, j) => blend(frequency, scaling.factor, 1 - (j - first) / (last - first)));
    }
  }
}

/** A share `share` of the frequency itself, and the rest of it divided by `factor`. */
function blend(frequency: number, factor: number, share: number): number {
  const kept = Math.min(1, Math.max(0, share));
  return kept * frequency + ((1 - kept) * frequency) / factor;
}

/** The index up to which frequencies are unchanged, and the index from which they are divided. */
function yarnBorders(
  headDim: number,
  theta: number,
  { betaFast, betaSlow, originalMaxPositions, truncate }: RopeScaling & { type: 'yarn' },
): [number, number] {
  const indexOf = (turns: number) =>
    (headDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const round = truncate ? [Math.floor, Math.ceil] : [(x: number) => x, (x: number) => x];
  const first = Math.max(round[0]!(indexOf(betaFast)), 0);
  const last = Math.min(round[1]!(indexOf(betaSlow)), headDim - 1);
  // Where both are equal: a step, without a division by zero.
  return [first, first === last ? last + 0.001 : last];
}
