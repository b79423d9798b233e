/** What holds of a project's tiers, without zod: forms need it in the browser. */
export const MAX_TIER_NAME = 40;

/** Best first. */
export const DEFAULT_TIERS = ['Excellent', 'Good', 'Weak', 'Bad'];

/** Colours by name: app/globals.css says what they are on light and dark, and its test holds them to contrast. */
export const tierPalette = ['blue', 'teal', 'green', 'gold', 'orange', 'red', 'purple', 'grey'] as const;

/** 'ramp': the colour that belongs to the tier's rank, from blue for the best to rust for the worst. */
export type TierColor = 'ramp' | (typeof tierPalette)[number];

/** What is wrong with tier names, or null. */
export function tierProblem(names: readonly string[]): 'unnamed' | 'same' | null {
  const trimmed = names.map((name) => name.trim());
  if (trimmed.some((name) => name === '')) return 'unnamed';
  if (new Set(trimmed.map((name) => name.toLowerCase())).size < trimmed.length) {
    return 'same';
  }
  return null;
}
