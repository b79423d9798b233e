/**
 * How a model that was trained on a short context turns its positions for a longer one: rope_scaling in config.json.
 * Both kinds change the rotation's frequencies and nothing else.
 */
import * as z from 'zod';
import { issuesOf } from '../issues';
import type { SentenceKey } from '../sentences';
import { type Told, told } from '../told';

export type RopeScaling =
  /** Every frequency divided by `factor`. */
  | { readonly type: 'linear'; readonly factor: number }
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
    };

const typeSchema = z.looseObject({ rope_type: z.string().optional(), type: z.string().optional() });
const factor = z.number().min(1);
const linearSchema = z.looseObject({ factor });
const llama3Schema = z
  .looseObject({
    factor,
    low_freq_factor: z.number().positive(),
    high_freq_factor: z.number().positive(),
    original_max_position_embeddings: z.int().positive(),
  })
  .refine((c) => c.high_freq_factor > c.low_freq_factor, {
    message: 'highMustExceedLow' satisfies SentenceKey,
  });

/** Null where nothing is scaled; what is wrong, where the value cannot be used. */
export function parseRopeScaling(value: unknown): RopeScaling | null | Told {
  if (value === undefined || value === null) return null;
  const named = typeSchema.safeParse(value);
  if (!named.success) return issuesOf(named.error, 'rope_scaling');
  const type = named.data.rope_type ?? named.data.type ?? 'default';
  if (type === 'default') return null;
  if (type === 'linear') {
    const parsed = linearSchema.safeParse(value);
    return parsed.success ? { type, factor: parsed.data.factor } : issuesOf(parsed.error, 'rope_scaling');
  }
  if (type === 'llama3') {
    const parsed = llama3Schema.safeParse(value);
    if (!parsed.success) return issuesOf(parsed.error, 'rope_scaling');
    return {
      type,
      factor: parsed.data.factor,
      lowFrequencyFactor: parsed.data.low_freq_factor,
      highFrequencyFactor: parsed.data.high_freq_factor,
      originalMaxPositions: parsed.data.original_max_position_embeddings,
    };
  }
  return told('ropeTypeNotSupported', { type });
}

export function serializeRopeScaling(scaling: RopeScaling): Record<string, unknown> {
  if (scaling.type === 'linear') return { rope_type: 'linear', factor: scaling.factor };
  return {
    rope_type: 'llama3',
    factor: scaling.factor,
    low_freq_factor: scaling.lowFrequencyFactor,
    high_freq_factor: scaling.highFrequencyFactor,
    original_max_position_embeddings: scaling.originalMaxPositions,
  };
}

/** `frequency` in radians a position; the same out where nothing is scaled. */
export function scaleFrequency(frequency: number, scaling: RopeScaling | undefined): number {
  if (!scaling) return frequency;
  if (scaling.type === 'linear') return frequency / scaling.factor;
  const turns = (scaling.originalMaxPositions * frequency) / (2 * Math.PI);
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high } = scaling;
  const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
  return kept * frequency + ((1 - kept) * frequency) / factor;
}
