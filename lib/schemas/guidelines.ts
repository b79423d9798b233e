import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { MAX_TIERS } from '@/trainer/contract/tier-limits';
import { storableText } from './remarks';

export const publishGuidelinesSchema = z.strictObject({
  /** The version that the author saw; 0 for none. */
  baseVersion: countSchema,
  /** Markdown. */
  body: storableText(50_000),
  /** Markdown, one a tier, best first. */
  examples: z.array(storableText(20_000)).max(MAX_TIERS),
});
export type PublishGuidelinesRequest = z.infer<typeof publishGuidelinesSchema>;

export const readGuidelinesSchema = z.strictObject({ version: countSchema.min(1) });

export interface GuidelineVersion {
  version: number;
  body: string;
  examples: string[];
  createdAt: string;
}
export interface GuidelinesAnswer {
  /** null while nobody has written any. */
  current: GuidelineVersion | null;
  /** The newest version that the reader has acknowledged, to tell what changed since; null for none. */
  acknowledged: GuidelineVersion | null;
}

export interface PastVersion {
  version: number;
  /** null for somebody whose account is gone, and for what the program wrote. */
  author: string | null;
  createdAt: string;
}
/** Newest first. */
export interface GuidelineHistory {
  versions: PastVersion[];
}
/** A version beside the one before it; null for the first. */
export interface GuidelineChange {
  before: GuidelineVersion | null;
  after: GuidelineVersion;
}
