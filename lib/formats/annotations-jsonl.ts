/**
 * Every version of everybody's annotations, one a line, with all that was said: nothing that the app stores of a
 * judgement is missing. Ids are those of the import, so a line fits the prompts it came with.
 */
import * as z from 'zod';
import { issueTagSchema, storableText } from '../schemas/remarks';
import { canonicalJson } from './canonical-json';

const tag = issueTagSchema.pick({ id: true, name: true });

export const annotationLineSchema = z.strictObject({
  prompt: z.string(),
  annotator: z.strictObject({ id: z.string(), name: z.string() }),
  version: z.int().min(1),
  /** Whether it is the annotator's newest. */
  in_force: z.boolean(),
  created_at: z.iso.datetime(),
  time_on_task_ms: z.int().min(0),
  all_bad: z.boolean(),
  /** `tier`: 0 = best; null unless placed. */
  placements: z.array(
    z.strictObject({
      response: z.string(),
      source: z.string(),
      state: z.enum(['placed', 'cannot_judge', 'not_judged']),
      tier: z.int().min(0).nullable(),
      tier_name: z.string().nullable(),
    }),
  ),
  comment: storableText(5000),
  tags: z.array(z.strictObject({ response: z.string(), tag })),
  /** [start, end) in UTF-16 code units of the response's text; `text` is that part of it. */
  marks: z.array(z.strictObject({ response: z.string(), start: z.int(), end: z.int(), text: z.string(), tag })),
});
export type AnnotationLine = z.infer<typeof annotationLineSchema>;

export function annotationLine(line: AnnotationLine): string {
  return canonicalJson(line);
}

/** @throws when the line is no annotation of this format */
export function parseAnnotationLine(text: string): AnnotationLine {
  return annotationLineSchema.parse(JSON.parse(text));
}
