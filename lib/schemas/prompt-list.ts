/** The list of a project's prompts, for its researchers: what it can be searched, filtered and sorted by. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema, timeSchema } from './answer-fields';
import { promptCertaintySchema } from './certainty';
import { cursorOf, nextSchema } from './cursor';

export const promptStates = ['new', 'partly', 'complete'] as const;
/** What a prompt can carry beside its state. */
export const promptSigns = ['flagged', 'skipped', 'gold', 'withdrawn'] as const;
export const promptSorts = ['import', 'priority', 'fewest', 'most', 'disagreed', 'changed'] as const;
export type PromptSort = (typeof promptSorts)[number];

const text = z.string().trim().min(1).max(200);

export const promptFilterSchema = z.strictObject({
  text: text.optional().describe('Found in the prompt’s messages or in its id, whatever the case.'),
  state: z
    .enum(promptStates)
    .optional()
    .describe('`new`: nobody has judged it; `complete`: everybody who is wanted has.'),
  sign: z.enum(promptSigns).optional(),
  language: z.string().min(1).max(35).optional().describe('A language tag, such as `en`.'),
  source: text.optional().describe('Of one of its responses, such as the name of a model.'),
});
export type PromptFilter = z.infer<typeof promptFilterSchema>;

/** Of the last prompt that was looked at: its number in the order, and its position. */
const placeSchema = z.strictObject({ key: z.string().regex(/^-?\d{1,17}$/), position: countSchema });
export const promptListCursor = cursorOf(placeSchema);

export const promptListQuerySchema = promptFilterSchema.extend({
  sort: z
    .enum(promptSorts)
    .default('import')
    .describe(
      '`fewest` and `most`: annotators; `disagreed`: how far annotators differ, most first; `changed`: newest first.',
    ),
  after: promptListCursor.after,
});
/** How many prompts there are that a filter lets through: one answer looks through a limited number of them, too. */
export const promptCountQuerySchema = promptListQuerySchema.omit({ sort: true });
export type PromptCountQuery = z.infer<typeof promptCountQuerySchema>;
export const promptCountSchema = z.strictObject({ count: countSchema, next: nextSchema });
export type PromptCount = z.infer<typeof promptCountSchema>;

export type PromptListQuery = z.infer<typeof promptListQuerySchema>;

export const listedPromptSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  /** The beginning of its last message. */
  excerpt: z.string(),
  state: z.enum(promptStates),
  signs: z.array(z.enum(promptSigns)),
  /** How many have judged it, of how many; null: of any number. `reopened` of them are asked again. */
  judged: countSchema,
  wanted: countSchema.nullable(),
  reopened: countSchema,
  flags: countSchema,
  skips: countSchema,
  language: z.string().nullable(),
  priority: z.int(),
  /** How far annotators differ; null until two have judged it. */
  disagreement: shareSchema.nullable(),
  /** Null where the number of annotators does not adapt, and until somebody has judged it. */
  certainty: promptCertaintySchema.nullable(),
  changedAt: timeSchema,
});
export type ListedPrompt = z.infer<typeof listedPromptSchema>;

export const promptListSchema = z.strictObject({
  prompts: z.array(listedPromptSchema),
  /** A page may be short: each looks through so many. */
  next: nextSchema,
  /** How many prompts this page has looked through. */
  searched: countSchema,
  /** How many the project has. */
  total: countSchema,
  /** The languages of the project's prompts. */
  languages: z.array(z.string()),
});
export type PromptList = z.infer<typeof promptListSchema>;
