import { noRemarks, remarksKey } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import { draftOfAnnotation, type Place, type StoredJudgement } from './board-state';

export type MergeRow = { responseId: string; mine: Place; stored: Place; differs: boolean };

/** Two judgements of one prompt side by side, in the order of the board. */
export function compareJudgements(
  responseIds: readonly string[],
  mine: StoredJudgement,
  stored: StoredJudgement,
): { rows: MergeRow[]; differing: number; allBadDiffers: boolean; remarksDiffer: boolean } {
  const [a, b] = [draftOfAnnotation(mine).places, draftOfAnnotation(stored).places];
  const rows = responseIds.map((responseId) => {
    const [left, right] = [a[responseId] ?? null, b[responseId] ?? null];
    return { responseId, mine: left, stored: right, differs: left !== right };
  });
  return {
    rows,
    differing: rows.filter((row) => row.differs).length,
    allBadDiffers: mine.allBad !== stored.allBad,
    remarksDiffer: remarksKey(mine.remarks) !== remarksKey(stored.remarks),
  };
}

/** What differs, in words. */
export function mergeWords(compared: ReturnType<typeof compareJudgements>): string {
  const { rows, differing, allBadDiffers, remarksDiffer } = compared;
  const remarks = 'comments, tags or marks';
  if (differing === 0) {
    if (allBadDiffers && remarksDiffer) return `They differ in “all are bad” and in ${remarks} only.`;
    if (allBadDiffers) return 'They differ in “all are bad” only.';
    return remarksDiffer ? `They differ in ${remarks} only.` : 'Both are the same.';
  }
  const cards = `${differing} of ${rows.length} responses ${differing === 1 ? 'has' : 'have'} another place`;
  const places = allBadDiffers ? `${cards}, and “all are bad” differs.` : `${cards}.`;
  return remarksDiffer ? `${places} So do ${remarks}.` : places;
}

/** What was said beside the tiers, short: "2 tags · 1 mark · “Both are off.”". */
export function remarkWords({ comment, tags, marks }: Remarks = noRemarks): string {
  const parts: string[] = [];
  if (tags.length > 0) parts.push(tags.length === 1 ? '1 tag' : `${tags.length} tags`);
  if (marks.length > 0) parts.push(marks.length === 1 ? '1 mark' : `${marks.length} marks`);
  if (comment) parts.push(`“${comment}”`);
  return parts.join(' · ') || 'None';
}
