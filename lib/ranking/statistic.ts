import type { Message } from '@/trainer/contract/message';

/** A figure, or the reason why there is none. It is never NaN. */
export type Statistic = { readonly value: number } | { readonly value: null; readonly reason: Message };

/** 95 %, by the percentile bootstrap over prompts; null where the figure varies with nothing that could be drawn. */
export type Interval = readonly [low: number, high: number] | null;

export const undefinedFor = (reason: Message): Statistic => ({ value: null, reason });

/** numerator / denominator, or the reason where the denominator is 0. */
export const ratio = (numerator: number, denominator: number, reason: Message): Statistic =>
  denominator === 0 ? undefinedFor(reason) : { value: numerator / denominator };
