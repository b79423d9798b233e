import { placementsOf } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { firstVersionsOnGold } from '@/lib/db/tallies';
import { compareWithGold } from '@/lib/ranking/gold';
import { weakOrder } from '@/lib/ranking/tiers';

export interface GoldComparison {
  annotatorId: string;
  at: Date;
  /** Pairs of responses that the expected tiers order, and those of them on which the annotator agrees. */
  pairs: number;
  agreed: number;
}

/**
 * How annotators' first versions on gold prompts agree with the expected tiers, one a version. Later versions were made
 * after seeing those.
 */
export async function goldComparisons(db: Database, projectId: string): Promise<GoldComparison[]> {
  const versions = await firstVersionsOnGold(db, projectId);
  const placements = await placementsOf(
    db,
    versions.map(({ id }) => id),
  );
  return versions.map(({ id, annotatorId, createdAt, expected }) => {
    const { pairs } = compareWithGold(new Map(Object.entries(expected)), weakOrder(placements.get(id)!));
    const agreed = pairs.filter(({ verdict }) => verdict === 'agreed').length;
    return { annotatorId, at: createdAt, pairs: pairs.length, agreed };
  });
}
