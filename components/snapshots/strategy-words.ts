import type { Strategy } from '@/lib/schemas/snapshot-request';

/** In the order in which they are offered. Annotated tiers come first in every one of them. */
export const strategies: readonly Strategy[] = ['annotations', 'hybrid', 'label', 'human', 'full'];
