import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { storedExternalPromptIdSchema } from '@/trainer/contract/ids';
import { issueKey } from './issue';
import { snapshotHeaderSchema } from './snapshot';

export const strategySchema = snapshotHeaderSchema.shape.strategy;
export type Strategy = z.infer<typeof strategySchema>;

export const createSnapshotRequestSchema = z.strictObject({
  name: z.string().trim().min(1, issueKey('notEmpty')).max(200),
  /** 'annotations' includes annotated prompts only; a heuristic also orders prompts that nobody has annotated. */
  strategy: strategySchema.default('annotations'),
  /** External ids of prompts to leave out of the snapshot altogether. */
  heldBack: z.array(storedExternalPromptIdSchema).max(100_000).optional(),
});
export type CreateSnapshotRequest = z.infer<typeof createSnapshotRequestSchema>;
