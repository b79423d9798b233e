/** What an import would do, and how it is asked for. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { columnDraftSchema, columnLimits, fileColumnSchema } from './column-mapping';
import { columnsParameterSchema } from './column-mapping-text';
import { importedPromptSchema, importWarningSchema, lineErrorSchema } from './prompt-import';

export const importPreviewSchema = z.strictObject({
  ok: z.boolean(),
  /** Of a large file the beginning is looked at: the share of its bytes. Absent: all of it was. */
  share: z.number().min(0).max(1).optional(),
  /** Whether what is good of a file with bad lines can be imported without them. */
  canLeaveOut: z.boolean(),
  /** What the file is, as in "a TRL preference file", the fields that tell, and what it holds. */
  found: z.strictObject({
    title: z.string(),
    fields: z.array(z.string()),
    rows: countSchema,
    responses: countSchema,
    merged: countSchema,
    judgements: countSchema,
    pairs: countSchema,
    /** Who made the judgements, and the first of their names. */
    annotators: countSchema,
    annotatorNames: z.array(z.string()),
    /** Judgements with more levels than the project has tiers, so that some levels share a tier. */
    compressed: countSchema,
    /** With these annotators the project would have more imported ones than it may. */
    tooManyAnnotators: z.boolean(),
  }),
  /** `extended` counts existing prompts that get more responses. */
  counts: z.strictObject({
    new: countSchema,
    unchanged: countSchema,
    extended: countSchema,
    conflicting: countSchema,
  }),
  sample: z.array(importedPromptSchema),
  errors: z.array(lineErrorSchema),
  /** The number of all errors, of which `errors` lists the first ones. */
  errorCount: countSchema,
  warnings: z.array(importWarningSchema),
  /** The columns of a file whose rows may be mapped by hand, and what they seem to hold. */
  columns: z
    .strictObject({
      /** Its rows are of no known shape, so that nothing of it can be read without a mapping. */
      needed: z.boolean(),
      list: z.array(fileColumnSchema).max(columnLimits.columns),
      /** Further columns that are not listed. */
      more: countSchema,
      mapping: columnDraftSchema,
      /** The mapping is the one with which the project last imported a file with these columns. */
      remembered: z.boolean(),
    })
    .optional(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;
/** What becomes of the judgements in a file: people made them, or a model, or they are left out. */
export const judgementChoices = ['people', 'model', 'leave-out'] as const;
export type JudgementChoice = (typeof judgementChoices)[number];

export const previewQuerySchema = z.object({
  columns: columnsParameterSchema
    .optional()
    .describe('What the columns hold, such as `prompt=question,response=answer_a,response=answer_b`, or as JSON.'),
});
export const importQuerySchema = previewQuerySchema.extend({
  judgements: z
    .enum(judgementChoices)
    .optional()
    .describe('Who made the judgements in the file, where it does not say; `leave-out` imports none of them.'),
  'bad-lines': z
    .enum(['leave-out'])
    .optional()
    .describe('`leave-out` imports what is good of a file that has bad lines; otherwise it is refused.'),
});
