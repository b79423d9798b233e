/** What each heuristic order would give, of the first prompts of a project. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { storableText } from './remarks';
import { MAX_LABEL_PATTERN, strategySchema } from './strategy';

export const previewHeuristicsRequestSchema = z.strictObject({
  labelPattern: storableText(MAX_LABEL_PATTERN).min(1).nullable(),
});
export type PreviewHeuristicsRequest = z.infer<typeof previewHeuristicsRequestSchema>;

const heuristicSchema = strategySchema.exclude(['annotations']);

const sampledResponseSchema = z.strictObject({
  source: z.string(),
  label: z.string().nullable(),
  /** Whether the pattern found the label. */
  found: z.boolean(),
  /** How the text ends, which is where labels are looked for. */
  ending: z.string(),
  /** By heuristic: its place from 1, the best; null where it is compared with nothing. */
  places: z.record(heuristicSchema, countSchema.nullable()),
});

export const heuristicsPreviewSchema = z.strictObject({
  /** How many prompts were looked at, and of how many. */
  prompts: countSchema,
  of: countSchema,
  withReference: countSchema,
  withHuman: countSchema,
  labels: z.strictObject({ imported: countSchema, found: countSchema, none: countSchema }),
  orders: z.array(z.strictObject({ strategy: heuristicSchema, pairs: countSchema, promptsWithoutPairs: countSchema })),
  samples: z.array(
    z.strictObject({
      id: z.string(),
      excerpt: z.string(),
      referenceLabel: z.string().nullable(),
      responses: z.array(sampledResponseSchema),
    }),
  ),
});
export type HeuristicsPreview = z.infer<typeof heuristicsPreviewSchema>;
