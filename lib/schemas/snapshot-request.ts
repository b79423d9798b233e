import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { storedExternalPromptIdSchema } from '@/trainer/contract/ids';
import { issueKey } from './issue';
import { snapshotHeaderSchema } from './snapshot';
import { snapshotContentsSchema } from './snapshot-contents';
import { selectionCountsSchema, snapshotSelectionSchema } from './snapshot-selection';
import { strategySchema } from './strategy';

const snapshotNameSchema = z.string().trim().min(1, issueKey('notEmpty')).max(200);

export const renameSnapshotRequestSchema = z.strictObject({ name: snapshotNameSchema });
export type RenameSnapshotRequest = z.infer<typeof renameSnapshotRequestSchema>;

export const createSnapshotRequestSchema = z.strictObject({
  name: snapshotNameSchema,
  strategy: strategySchema.default('annotations'),
  heldBack: z
    .array(storedExternalPromptIdSchema)
    .max(100_000)
    .optional()
    .describe('Prompts to leave out altogether, by their ids in files.'),
  selection: snapshotSelectionSchema.optional().describe('Absent: all prompts and pairs, without splits.'),
});
export type CreateSnapshotRequest = z.infer<typeof createSnapshotRequestSchema>;

export const previewSnapshotRequestSchema = createSnapshotRequestSchema.omit({ name: true });
export type PreviewSnapshotRequest = z.infer<typeof previewSnapshotRequestSchema>;

/** What a snapshot would hold that is made now. */
export const snapshotPreviewSchema = z.strictObject({
  counts: snapshotHeaderSchema.shape.counts,
  selected: selectionCountsSchema,
  contents: snapshotContentsSchema,
});
export type SnapshotPreview = z.infer<typeof snapshotPreviewSchema>;
