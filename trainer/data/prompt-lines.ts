/**
 * Prompts as people keep them, one JSON object a line: the app's import format, and so a snapshot's records, too.
 * Responses may be missing altogether: a list of questions is enough to sample answers for.
 */
import * as z from 'zod';
import { SnapshotError } from './snapshot';

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty');
const lineSchema = z
  .object({
    id: text.optional(),
    external_id: text.optional(),
    /** A bare text is one user message. */
    prompt: z.preprocess(
      (value) => (typeof value === 'string' ? [{ role: 'user', content: value }] : value),
      z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: text })).min(1),
    ),
    documents: z.array(z.object({ title: z.string(), text })).optional(),
    responses: z
      .array(z.object({ id: text.optional(), text, source: text.optional(), label: text.optional() }))
      .default([]),
    reference_label: text.optional(),
  })
  .transform(({ id, external_id, responses, ...line }) => ({
    ...line,
    id: external_id ?? id ?? '',
    responses: responses.map((response, i) => ({ source: 'unknown', ...response, id: response.id ?? `r${i + 1}` })),
  }))
  .refine(({ id }) => id !== '', { path: ['external_id'], message: 'is missing (or "id")' });

export type PromptLine = z.infer<typeof lineSchema>;

/** `fileName` is for messages. Throws SnapshotError at the first bad line, at an id's second use, for an empty file. */
export function parsePromptLines(content: string, fileName: string): PromptLine[] {
  const lineOfId = new Map<string, number>();
  const prompts = content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const at = `${fileName}:${index + 1}`;
      const prompt = parseLine(line, at);
      const earlier = lineOfId.get(prompt.id);
      if (earlier !== undefined) throw new SnapshotError(`${at}: prompt "${prompt.id}" was already on line ${earlier}`);
      lineOfId.set(prompt.id, index + 1);
      return [prompt];
    });
  if (prompts.length === 0) throw new SnapshotError(`${fileName}: there are no prompts in this file`);
  return prompts;
}

function parseLine(line: string, at: string): PromptLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new SnapshotError(`${at}: not JSON: ${(error as Error).message}`);
  }
  const result = lineSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.');
  throw new SnapshotError(`${at}: ${path ? `${path}: ` : ''}${issue?.message}`);
}

/** The line without its newline, as the app's import reads it. */
export function serializePromptLine({ id, ...line }: PromptLine): string {
  return JSON.stringify({ external_id: id, ...line });
}
