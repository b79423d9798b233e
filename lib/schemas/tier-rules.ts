/** Rules about a project's tiers; without zod, since forms use them in the browser. */
export const MAX_TIER_NAME = 40;

/** Best first. */
export const DEFAULT_TIERS = ['Excellent', 'Good', 'Weak', 'Bad'];

/**
 * Names of colours. app/globals.css defines them for the light and the dark theme, and a test checks their contrast.
 */
export const tierPalette = ['blue', 'teal', 'green', 'gold', 'orange', 'red', 'purple', 'grey'] as const;

/** 'ramp': the colour that belongs to the tier's rank, from blue for the best to rust for the worst. */
export type TierColor = 'ramp' | (typeof tierPalette)[number];

/** Why tier names are invalid, or null. */
export function tierProblem(names: readonly string[]): 'unnamed' | 'same' | null {
  const trimmed = names.map((name) => name.trim());
  if (trimmed.some((name) => name === '')) return 'unnamed';
  if (new Set(trimmed.map((name) => name.toLowerCase())).size < trimmed.length) {
    return 'same';
  }
  return null;
}
