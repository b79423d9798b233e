import { invalid } from '@/lib/auth/refusal';
import { compileLabelPattern, type LabelPattern, PatternError } from '@/lib/ranking/label-pattern';

/** @throws Refusal 'invalid' for what is no pattern, or one that would take too long */
export function labelPatternOf(source: string): LabelPattern {
  try {
    return compileLabelPattern(source);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw error.detail === null ? invalid('labelPatternTooLarge') : invalid('labelPattern', { detail: error.detail });
  }
}
