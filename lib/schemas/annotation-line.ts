import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { chatMessageSchema } from '@/trainer/contract/record';
import { annotatorKinds } from './annotator-kinds';
import { shareSchema } from './answer-fields';
import { issueTagSchema, storableText } from './remarks';

const tag = issueTagSchema.pick({ id: true, name: true });

/** One version of somebody's annotation, or a decision, in an export; ids are external. */
export const annotationLineSchema = z.strictObject({
  prompt: z.string(),
  /** reviewer: a decision about the prompt, whose comment is the reason. Missing in exports from before there were any. */
  role: z.enum(['annotator', 'reviewer']).default('annotator'),
  /** Missing in exports from before there were other annotators than people. */
  annotator: z.strictObject({ id: z.string(), name: z.string(), kind: z.enum(annotatorKinds).optional() }),
  version: z.int().min(1),
  /** Whether it is the annotator's newest version, of a prompt in use and of texts that still hold; of decisions, whether it is the one that counts. */
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
      /** Where the response is in no pair any more. */
      withdrawn: z.literal(true).optional(),
    }),
  ),
  /**
   * Where the number of annotators adapts, of the prompt as it is now: how certain its consensus is, how many annotators have
   * judged it of how many at most, and whether it was closed before them.
   */
  certainty: z
    .strictObject({ share: shareSchema, judged: z.int().min(0), most: z.int().min(1), closed: z.boolean() })
    .optional(),
  /** Which of the prompt's texts were judged, counted from 1 (of annotations); those that were corrected since, as they were. */
  text_version: z.int().min(1).optional(),
  judged_texts: z
    .strictObject({
      prompt: z.array(chatMessageSchema).optional(),
      responses: z.array(z.strictObject({ response: z.string(), text: z.string() })).optional(),
    })
    .optional(),
  comment: storableText(5000),
  tags: z.array(z.strictObject({ response: z.string(), tag })),
  /** [start, end) in UTF-16 code units of the response's text; `text` is that part of it. */
  marks: z.array(z.strictObject({ response: z.string(), start: z.int(), end: z.int(), text: z.string(), tag })),
});
export type AnnotationLine = z.infer<typeof annotationLineSchema>;
