import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import type { ExternalPromptId } from '@/trainer/contract/ids';
import {
  type ChatMessage,
  chatMessageSchema,
  chatMessages,
  optionalField,
  type PromptDocument,
  type PromptResponse,
  promptDocumentSchema,
  promptField,
} from '@/trainer/contract/record';
import { isBlank } from '@/trainer/data/response-text';
import { issueKey } from './issue';
import { flawsOf } from './storable';

/** Limits of an import: generous for people, small enough that one page of tasks stays quick. */
export const importLimits = {
  /** Bytes of one line. */
  lineBytes: 1024 * 1024,
  /** Bytes of one import. */
  fileBytes: 64 * 1024 * 1024,
  /** Bytes of a snapshot with its header line. */
  snapshotBytes: 256 * 1024 * 1024,
  prompts: 50_000,
  idLength: 200,
  sourceLength: 200,
  minResponses: 2,
  maxResponses: 12,
  messages: 64,
  documents: 64,
  textLength: 200_000,
} as const;

/** Text that every database and hash keeps as it is: no NUL, no lone surrogate. */
const storable = (schema: z.ZodString) =>
  schema.superRefine((value, context) => {
    for (const flaw of flawsOf(value)) context.addIssue({ code: 'custom', message: issueKey(flaw) });
  });
const shown = (max: number) =>
  storable(z.string().max(max)).refine((value) => !isBlank(value), { message: issueKey('notEmpty') });
const text = shown(importLimits.textLength);

export const responseText = text;
export const sourceName = shown(importLimits.sourceLength);
export const responseLabel = shown(importLimits.sourceLength);
const responseSchema = z.object(
  {
    id: optionalField(shown(importLimits.idLength)),
    text: responseText,
    source: optionalField(sourceName),
    label: optionalField(responseLabel),
  },
  issueKey('responseObject'),
);

/** One line as people write it. Unknown fields are ignored, so a snapshot's record imports too. */
export const importLineSchema = z.object({
  id: optionalField(shown(importLimits.idLength)),
  external_id: optionalField(shown(importLimits.idLength)),
  prompt: promptField(
    chatMessages(chatMessageSchema.extend({ content: text }))
      .min(1, issueKey('oneMessage'))
      .max(importLimits.messages, issueKey('mostMessages')),
  ),
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
});
export type ImportLine = z.infer<typeof importLineSchema>;

/** A prompt ready to store: every response has an id and a source. */
export interface ImportedPrompt {
  externalId: ExternalPromptId;
  messages: ChatMessage[];
  documents: PromptDocument[];
  responses: PromptResponse[];
  referenceLabel?: string;
}

/** line counts from 1 as an editor does. */
export interface LineError {
  line: number;
  message: string;
}

/** What can be meant, but often is a mistake: it is said, and imported. */
export const importWarningKinds = [
  'equalResponses',
  'endsWithAssistant',
  'onlySystem',
  'similarIds',
  'repeatedKeys',
] as const;
export type ImportWarningKind = (typeof importWarningKinds)[number];
/** How many lines have it, and the first of them. */
export interface ImportWarning {
  kind: ImportWarningKind;
  count: number;
  lines: LineError[];
}

export interface ImportPreview {
  ok: boolean;
  /** `extended`: prompts that are there and get more responses. */
  counts: { new: number; unchanged: number; extended: number; conflicting: number };
  sample: ImportedPrompt[];
  errors: LineError[];
  /** How many errors there are when only the first ones are listed. */
  errorCount: number;
  warnings: ImportWarning[];
}
export interface ImportResult {
  imported: number;
  unchanged: number;
  extended: number;
}
