import * as z from 'zod';

/** Every format that a snapshot is exported in; lib/formats/exports/registry.ts has the writer of each. */
export const exportFormats = [
  'trl-conversational',
  'trl-explicit',
  'trl-implicit',
  'trl-kto',
  'llama-factory-alpaca',
  'llama-factory-sharegpt',
  'llama-factory-kto',
  'axolotl-chat-template',
  'axolotl-intel',
  'axolotl-argilla',
  'axolotl-nectar',
  'axolotl-reward',
  'open-rlhf',
  'open-rlhf-implicit',
  'verl-rl',
  'verl-reward',
  'ms-swift',
  'ms-swift-reward',
  'ms-swift-kto',
  'nemo-rl',
  'rrhf',
  'listwise',
  'csv',
  'parquet',
  'ledger',
  'votes',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a row can carry beside what its trainer reads. */
export const extraColumns = ['prompt_id', 'sources', 'margin', 'support', 'split'] as const;
export type ExtraColumn = (typeof extraColumns)[number];

const columnList = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',')))
  .pipe(z.array(z.enum(extraColumns)));

/** The query of an export, which the command line shares. */
export const exportQuerySchema = z.strictObject({
  format: z.enum(exportFormats),
  columns: columnList
    .optional()
    .describe(
      `What rows carry beside what the trainer reads, of ${extraColumns.join(', ')}, with commas between; absent: what the format has by itself.`,
    ),
  people: z.enum(['pseudonyms', 'names']).default('pseudonyms').describe('How annotators are named.'),
});
export type ExportQuery = z.output<typeof exportQuerySchema>;

/** The first rows of an export, with long texts cut. */
export const exportPreviewSchema = z.strictObject({
  rows: z.array(z.record(z.string(), z.unknown())),
  /** Where the rows will lie in the archive. */
  file: z.string(),
});
export type ExportPreview = z.infer<typeof exportPreviewSchema>;
