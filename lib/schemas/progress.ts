/** How a project's annotation goes: what is done, when the rest will be, and how people work. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema, timeSchema } from './answer-fields';

const intervalSchema = z.tuple([z.number(), z.number()]).readonly().nullable();

export const biasSchema = z.strictObject({
  /** How much of what there was to win the response wins; half where nobody minds. */
  share: shareSchema.nullable(),
  interval: intervalSchema,
  /** Boards that say something. */
  boards: countSchema,
});
export const biasesSchema = z.strictObject({
  project: biasSchema,
  annotators: z.array(biasSchema.extend({ annotatorId: z.string() })).readonly(),
});

const personOnDay = z.strictObject({
  /** In UTC. */
  day: z.iso.date(),
  annotatorId: z.string(),
});

/** What is measured in the background, gold left out but for `gold`. */
export const workReportSchema = z.strictObject({
  coverage: z.strictObject({
    /** Those that are in use, and those of them that anybody has judged. */
    prompts: countSchema,
    judged: countSchema,
    /** Judgements that the settings ask for, one a prompt where they ask for none; and how many of these there are. */
    wanted: countSchema,
    done: countSchema,
  }),
  /** The response that a board shows first, and the longest one. */
  firstShown: biasesSchema,
  longest: biasesSchema,
  days: z.array(personOnDay.extend({ judged: countSchema })).readonly(),
  /** First judgements of gold prompts: pairs of responses, and those of them on which the person agrees. */
  gold: z.array(personOnDay.extend({ pairs: countSchema, agreed: countSchema })).readonly(),
});
export type MeasuredProgress = z.infer<typeof workReportSchema>;

export const durationSchema = z.strictObject({
  annotatorId: z.string(),
  prompts: countSchema,
  seconds: countSchema,
  /** Quantiles in seconds. */
  median: z.number(),
  low: z.number(),
  high: z.number(),
});
export type AnnotatorDuration = z.infer<typeof durationSchema>;

const forecastDays = countSchema;
export const forecastSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('days'), low: forecastDays, middle: forecastDays, high: forecastDays }),
  z.strictObject({ kind: z.enum(['done', 'idle', 'early']) }),
]);

export const progressAnswerSchema = z.strictObject({
  /** What was measured last; null before the first time. */
  report: workReportSchema.nullable(),
  measuredAt: timeSchema.nullable(),
  measuring: z.boolean(),
  failed: z.boolean(),
  forecast: forecastSchema.nullable(),
  /** Pairs that the project's rule keeps; null before they were counted. */
  keptPairs: countSchema.nullable(),
  /** How many responses each person placed in each tier, the best first. */
  tierUse: z.array(z.strictObject({ annotatorId: z.string(), tiers: z.array(countSchema) })),
  /** The longest time of each prompt of each annotator, gold included. */
  durations: z.strictObject({
    annotators: z.array(durationSchema),
    median: z.number().nullable(),
    /** Prompts by bar; see DURATION_ENDS. */
    bars: z.array(countSchema),
  }),
  names: z.record(z.string(), z.string()),
});
export type ProgressAnswer = z.infer<typeof progressAnswerSchema>;
