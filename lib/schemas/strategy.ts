import '@/trainer/contract/without-compiling';
import * as z from 'zod';

export const strategySchema = z
  .enum(['annotations', 'human', 'label', 'hybrid', 'full'])
  .describe('`annotations` takes annotated prompts only; the others order prompts that nobody annotated, too.');
export type Strategy = z.infer<typeof strategySchema>;

/** The project's choice, as long as nobody makes another. */
export const DEFAULT_HEURISTICS = { snapshotStrategy: 'annotations', labelPattern: null } as const;

export const MAX_LABEL_PATTERN = 200;
