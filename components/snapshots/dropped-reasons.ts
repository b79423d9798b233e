import type { SnapshotHeader } from '@/lib/schemas/snapshot';

/** What the consensus may drop a pair for, in words with its count. */
const reasonWords: Readonly<Record<string, (count: number) => string>> = {
  contradicted: (count) => `${count} contradicted: annotators disagree on which response is better`,
  unsupported: (count) => `${count} without a majority: most of those who judged both responses tie them`,
  cycle: (count) => `${count} in a circle: merged, the annotators prefer A to B, B to C and C to A`,
  conflict: (count) => `${count} in conflict: together with others they would imply what somebody contradicts`,
};

/** One sentence a reason, from the header's filters where they tell, else the sum. */
export function droppedReasons(header: SnapshotHeader): string[] {
  const dropped = header.filters.dropped;
  if (typeof dropped === 'object' && dropped !== null && !Array.isArray(dropped)) {
    const reasons = Object.entries(dropped).flatMap(([reason, count]) =>
      typeof count === 'number' && count > 0 ? [reasonWords[reason]?.(count) ?? `${count}: ${reason}`] : [],
    );
    if (reasons.length > 0) return reasons;
  }
  return ['Annotators contradict each other on them, so the snapshot takes neither side'];
}
