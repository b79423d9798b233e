import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { messageSchema } from '@/trainer/contract/message-schema';
import { countSchema } from '@/trainer/contract/numbers';
import { importedKinds } from './annotator-kinds';
import { shareSchema, timeSchema } from './answer-fields';

/** A figure with its 95 % interval, where it has one; the reason where it is undefined. */
export const figureSchema = z.strictObject({
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  reason: messageSchema.nullable(),
});
export type Figure = z.infer<typeof figureSchema>;

/** The figures of a whole project, the headline first. */
export const FIGURES = [
  'tauX',
  'tauB',
  'ordinal',
  'nominal',
  'interval',
  'concordance',
  'pairAgreement',
  'sameTier',
] as const;
export type FigureName = (typeof FIGURES)[number];

export const annotatorAgreementSchema = z.strictObject({
  annotatorId: z.string(),
  prompts: countSchema,
  comparisons: countSchema,
  tauX: figureSchema,
  sameTier: figureSchema,
  /** How probably this person gives a response its true tier, by Dawid and Skene; null before anything was placed. */
  reliability: shareSchema.nullable(),
  /** How many responses this person placed in each tier, the best first. */
  tierUse: z.array(countSchema),
});
export type AnnotatorAgreement = z.infer<typeof annotatorAgreementSchema>;

export const pairAgreementSchema = z.strictObject({
  first: z.string(),
  second: z.string(),
  comparisons: countSchema,
  tauX: figureSchema,
  kappa: figureSchema,
});
export type PairAgreement = z.infer<typeof pairAgreementSchema>;

export const sourceStrengthSchema = z.strictObject({
  source: z.string(),
  wins: countSchema,
  losses: countSchema,
  ties: countSchema,
  winRate: figureSchema,
  /** Davidson's strength; those of all sources add up to 1. Null where strengths have no limit. */
  worth: z.number().nullable(),
  logStandardError: z.number().nullable(),
});
export type MeasuredSource = z.infer<typeof sourceStrengthSchema>;

/** What becomes of pairs of responses in the consensus; see `LedgerRow` in lib/ranking. */
export const OUTCOMES = ['kept', 'implied', 'tied', 'contradicted', 'unsupported', 'cycle', 'conflict'] as const;
export const rulePreviewSchema = z.strictObject({
  quorum: z.union([z.literal('majority'), z.number().int().min(1)]),
  maxAgainst: countSchema,
  outcomes: z.strictObject(
    Object.fromEntries(OUTCOMES.map((outcome) => [outcome, countSchema])) as Record<
      (typeof OUTCOMES)[number],
      typeof countSchema
    >,
  ),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

const judgeFiguresSchema = z.strictObject({
  comparisons: countSchema,
  tauX: figureSchema,
  pairAgreement: figureSchema,
  orderedPairAgreement: figureSchema,
  kappa: figureSchema,
});
export type JudgeFigures = z.infer<typeof judgeFiguresSchema>;
export const judgeFigureNames = ['tauX', 'pairAgreement', 'orderedPairAgreement', 'kappa'] as const;

/** The alternative annotator test: see lib/ranking/alternative-annotator.ts. */
export const judgeTestSchema = z.strictObject({
  epsilon: z.number(),
  countTies: z.boolean(),
  winningRate: figureSchema,
  advantage: figureSchema,
  people: z.array(
    z.strictObject({
      annotatorId: z.string(),
      prompts: countSchema,
      advantage: figureSchema,
      pValue: figureSchema,
      won: z.boolean(),
    }),
  ),
});
export type JudgeTest = z.infer<typeof judgeTestSchema>;

/** An imported annotator that is a model: its agreement with people, and theirs with one another on the same prompts. */
export const modelJudgeSchema = z.strictObject({
  annotatorId: z.string(),
  prompts: countSchema,
  withPeople: judgeFiguresSchema,
  amongPeople: judgeFiguresSchema,
  tests: z.array(judgeTestSchema),
});
export type ModelJudge = z.infer<typeof modelJudgeSchema>;

/** The agreement of a project's annotators, and what follows from their tiers; gold is left out. */
export const agreementReportSchema = z.strictObject({
  prompts: countSchema,
  /** Prompts that two or more people judged. */
  sharedPrompts: countSchema,
  annotations: countSchema,
  comparisons: countSchema,
  figures: z.strictObject(
    Object.fromEntries(FIGURES.map((name) => [name, figureSchema])) as Record<FigureName, typeof figureSchema>,
  ),
  annotators: z.array(annotatorAgreementSchema),
  pairs: z.array(pairAgreementSchema),
  overTime: z.array(z.strictObject({ day: z.string(), comparisons: countSchema, tauX: figureSchema })),
  sources: z.array(sourceStrengthSchema),
  /** Why sources have no strengths. */
  noStrengths: messageSchema.nullable(),
  rules: z.array(rulePreviewSchema),
  judges: z.array(modelJudgeSchema),
});
export type AgreementReport = z.infer<typeof agreementReportSchema>;

export const agreementAnswerSchema = z.strictObject({
  /** What was measured last; null before the first time. */
  report: agreementReportSchema.nullable(),
  measuredAt: timeSchema.nullable(),
  /** A newer report is being measured, since people have judged meanwhile. */
  measuring: z.boolean(),
  /** Measuring failed the last time. */
  failed: z.boolean(),
  names: z.record(z.string(), z.string()),
  /** Kinds of those who are no people. */
  kinds: z.record(z.string(), z.enum(importedKinds)),
});
export type AgreementAnswer = z.infer<typeof agreementAnswerSchema>;
