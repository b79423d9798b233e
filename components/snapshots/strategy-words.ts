import type { SnapshotHeader } from '@/lib/schemas/snapshot';

export type Strategy = SnapshotHeader['strategy'];

/** In the order in which they are offered. Annotated tiers come first in every one of them. */
export const strategies: readonly Strategy[] = ['annotations', 'hybrid', 'label', 'human', 'full'];
