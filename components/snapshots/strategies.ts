import type { Strategy } from '@/lib/schemas/strategy';

/** The strategies in the order in which they are offered. Annotated tiers take precedence in all of them. */
export const strategies: readonly Strategy[] = ['annotations', 'hybrid', 'label', 'human', 'full'];
