import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, MAX_ID_LENGTH } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import {
  chatMessageSchema,
  chatMessages,
  optionalField,
  promptDocumentSchema,
  promptField,
  promptResponseSchema,
} from '@/trainer/contract/record';
import { isBlank } from '@/trainer/data/response-text';
import { issueKey } from './issue';
import { languageTagSchema } from './language';
import { textFlaws } from './storable';

/** Limits of an import, small enough that a page of tasks loads quickly. */
export const importLimits = {
  /** Bytes of one line. */
  lineBytes: 1024 * 1024,
  /** Bytes of one import, which is uploaded in pieces and read from the disk. */
  fileBytes: 2 * 1024 * 1024 * 1024,
  /** Bytes of one that is sent whole, as a request's body. */
  bodyBytes: 64 * 1024 * 1024,
  /** A preview looks at the beginning of a file: at so many bytes, and rows. */
  previewBytes: 64 * 1024 * 1024,
  previewRows: 50_000,
  /** Bytes of a snapshot with its header line. */
  snapshotBytes: 256 * 1024 * 1024,
  /** Bytes of what is packed in an import, and how many of them a packed byte may become, once they are many. */
  unpackedBytes: 8 * 1024 * 1024 * 1024,
  unpackedRatio: 200,
  smallUnpackedBytes: 16 * 1024 * 1024,
  parquetPageBytes: 64 * 1024 * 1024,
  /** Bytes of a group of rows, which is read as one. */
  parquetGroupBytes: 256 * 1024 * 1024,
  /** Values in one of its pages, and in all of its columns. */
  parquetPageValues: 2_000_000,
  parquetGroupValues: 20_000_000,
  archiveMembers: 1000,
  /** Rows of other programs' files, of which several may be one prompt. */
  rows: 10_000_000,
  prompts: 2_000_000,
  /** Rows of a format that can be put together only once all of them are there: they are held in memory. */
  rowsInMemory: 500_000,
  /** Lines that may be left out. */
  badLines: 100_000,
  /** Errors that are told of one line. */
  lineErrors: 20,
  /** Prompts to which responses are added in one request. */
  extendedPrompts: 50_000,
  /** Imported annotators of one project. */
  annotators: 200,
  idLength: MAX_ID_LENGTH,
  sourceLength: 200,
  minResponses: 2,
  maxResponses: 12,
  messages: 64,
  documents: 64,
  textLength: 200_000,
} as const;

/** Text that can be stored and hashed unchanged: no NUL, no lone surrogate. */
const storable = (schema: z.ZodString) =>
  schema.superRefine((value, context) => {
    for (const flaw of textFlaws(value)) context.addIssue({ code: 'custom', message: issueKey(flaw) });
  });
const nonBlank = (max: number) =>
  storable(z.string().max(max)).refine((value) => !isBlank(value), { message: issueKey('notEmpty') });
const text = nonBlank(importLimits.textLength);

export const responseText = text;
export const sourceName = nonBlank(importLimits.sourceLength);
export const responseLabel = nonBlank(importLimits.sourceLength);
const responseSchema = z.object(
  {
    id: optionalField(nonBlank(importLimits.idLength)),
    text: responseText,
    source: optionalField(sourceName),
    label: optionalField(responseLabel),
  },
  issueKey('responseObject'),
);

export const importedMessages = chatMessages(chatMessageSchema.extend({ content: text }))
  .min(1, issueKey('oneMessage'))
  .max(importLimits.messages, issueKey('mostMessages'));

export const MAX_PRIORITY = 1000;
export const prioritySchema = z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY);

/** One line of an import file. Unknown fields are ignored, so that records of snapshots can be imported too. */
export const importLineSchema = z.object({
  id: optionalField(nonBlank(importLimits.idLength)),
  external_id: optionalField(nonBlank(importLimits.idLength)),
  prompt: promptField(importedMessages),
  documents: optionalField(
    z
      .array(promptDocumentSchema.extend({ title: storable(z.string().max(importLimits.textLength)), text }))
      .max(importLimits.documents),
  ),
  responses: z
    .array(responseSchema)
    .min(importLimits.minResponses, issueKey('leastResponses'))
    .max(importLimits.maxResponses, issueKey('mostResponses')),
  reference_label: optionalField(responseLabel),
  language: optionalField(languageTagSchema),
  priority: optionalField(prioritySchema),
});
export type ImportLine = z.infer<typeof importLineSchema>;

/** A prompt ready to store: every response has an id and a source. */
export const importedPromptSchema = z.strictObject({
  externalId: externalPromptIdSchema,
  messages: z.array(chatMessageSchema),
  documents: z.array(promptDocumentSchema),
  responses: z.array(promptResponseSchema),
  referenceLabel: z.string().optional(),
  /** A BCP 47 tag. */
  language: z.string().optional(),
  /** Larger numbers are given out first, where the project's order is by priority. */
  priority: z.int().optional(),
});
export type ImportedPrompt = z.infer<typeof importedPromptSchema>;

/** Lines are numbered from 1. */
export const lineErrorSchema = z.strictObject({ line: z.int().min(1), message: z.string() });
export type LineError = z.infer<typeof lineErrorSchema>;

/** Things that may be intended but often are mistakes; they are imported with a warning. */
export const importWarningKinds = [
  'equalResponses',
  'endsWithAssistant',
  'onlySystem',
  'similarIds',
  'repeatedKeys',
] as const;
export type ImportWarningKind = (typeof importWarningKinds)[number];
/** The number of lines with this warning, and the first of them. */
export const importWarningSchema = z.strictObject({
  kind: z.enum(importWarningKinds),
  count: countSchema,
  lines: z.array(lineErrorSchema),
});
export type ImportWarning = z.infer<typeof importWarningSchema>;

export const importResultSchema = z.strictObject({
  imported: countSchema,
  unchanged: countSchema,
  extended: countSchema,
  /** Judgements that were imported, where there were any that the project did not have yet. */
  judgements: countSchema.optional(),
  /** Bad lines that were left out, where there were any. */
  leftOut: countSchema.optional(),
});
export type ImportResult = z.infer<typeof importResultSchema>;
