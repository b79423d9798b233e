import { draftOfAnnotation, type Place, type StoredJudgement } from './board-state';

export type MergeRow = { responseId: string; mine: Place; stored: Place; differs: boolean };

/** Two judgements of one prompt side by side, in the order of the board. */
export function compareJudgements(
  responseIds: readonly string[],
  mine: StoredJudgement,
  stored: StoredJudgement,
): { rows: MergeRow[]; differing: number; allBadDiffers: boolean } {
  const [a, b] = [draftOfAnnotation(mine).places, draftOfAnnotation(stored).places];
  const rows = responseIds.map((responseId) => {
    const [left, right] = [a[responseId] ?? null, b[responseId] ?? null];
    return { responseId, mine: left, stored: right, differs: left !== right };
  });
  return {
    rows,
    differing: rows.filter((row) => row.differs).length,
    allBadDiffers: mine.allBad !== stored.allBad,
  };
}

/** What differs, in words. */
export function mergeWords({ rows, differing, allBadDiffers }: ReturnType<typeof compareJudgements>): string {
  if (differing === 0) return allBadDiffers ? 'They differ in “all are bad” only.' : 'Both are the same.';
  const cards = `${differing} of ${rows.length} responses ${differing === 1 ? 'has' : 'have'} another place`;
  return allBadDiffers ? `${cards}, and “all are bad” differs.` : `${cards}.`;
}
