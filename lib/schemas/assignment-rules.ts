/** The rules of giving out prompts; they need no zod. */

/** import: as imported; random: shuffled, the same for all; least_covered, most_disagreed: by what was judged so far; priority: the prompts' own. */
export const assignmentOrders = [
  'import',
  'random',
  'least_covered',
  'most_disagreed',
  'least_certain',
  'priority',
] as const;
export type AssignmentOrder = (typeof assignmentOrders)[number];

export const MAX_OVERLAP = 50;
/** In percent: how certain a consensus has to be where overlap adapts to it. */
export const closingCertaintyLimits = { min: 50, max: 100 } as const;
export const DEFAULT_CLOSING_CERTAINTY = 95;
export const MAX_PROMPT_LIMIT = 1_000_000;
export const leaseMinutesLimits = { min: 5, max: 7 * 24 * 60 } as const;
export const DEFAULT_LEASE_MINUTES = 60;
/** How many prompts one request may give to somebody. */
export const MAX_NAMED_PROMPTS = 200;

/** A new project's: everybody may judge every prompt, in the order of import. */
export const DEFAULT_ASSIGNMENT = {
  overlap: null,
  overlapSample: null,
  overlapSamplePercent: 0,
  overlapMinimum: null,
  closingCertainty: DEFAULT_CLOSING_CERTAINTY,
  assignmentOrder: 'import',
  leaseMinutes: DEFAULT_LEASE_MINUTES,
  promptLimit: null,
} as const;
