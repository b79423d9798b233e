/** Items of e-SNLI: premise, hypothesis, gold label, human rationales, and one model rationale per label. */
import * as z from 'zod';
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';

const labelSchema = z.enum(['entailment', 'neutral', 'contradiction']);
export const esnliItemSchema = z.object({
  id: z.string().min(1),
  premise: z.string().min(1),
  hypothesis: z.string().min(1),
  label: labelSchema,
  human: z.array(z.string()).min(1),
  /** Label -> the rationale that a model gave for that label. */
  model: z.partialRecord(labelSchema, z.string()),
});
export type EsnliItem = z.infer<typeof esnliItemSchema>;

/** Reads a JSONL file's text; messages name file and line. */
export function parseEsnli(text: string, fileName: string): EsnliItem[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [esnliItemSchema.parse(JSON.parse(line))];
    } catch (error) {
      const message = error instanceof z.ZodError ? inEnglish(listedIssues(error)) : (error as Error).message;
      throw new Error(`${fileName}:${index + 1}: ${message}`);
    }
  });
}

export const promptText = (item: { premise: string; hypothesis: string }) =>
  `Premise: ${item.premise}\nHypothesis: ${item.hypothesis}`;

export const responseText = (rationale: string, label: string) => `${rationale.trim()} #### ${label}`;

/** Premise and hypothesis, lower-cased and stripped to letters and digits: equal when two data sets hold one item. */
export const itemKey = (item: { premise: string; hypothesis: string }) =>
  `${plainWords(item.premise)}|${plainWords(item.hypothesis)}`;

/** The words of a text in lower case, separated by spaces, without punctuation. */
export const plainWords = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
