/** The number of tiers that a project may have; in a file without zod, since forms need it in the browser. */
export const MIN_TIERS = 2;
export const MAX_TIERS = 7;
