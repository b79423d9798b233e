import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueTagSchema, storableText } from './remarks';

const tag = issueTagSchema.pick({ id: true, name: true });

/** One version of somebody's annotation in an export; ids are external. */
export const annotationLineSchema = z.strictObject({
  prompt: z.string(),
  annotator: z.strictObject({ id: z.string(), name: z.string() }),
  version: z.int().min(1),
  /** Whether it is the annotator's newest version. */
  in_force: z.boolean(),
  /** Whether all places of the prompt were taken when the annotator first judged it. */
  extra: z.boolean(),
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
