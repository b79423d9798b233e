import type { Translator } from '@/lib/i18n/translator';
import type { BoardContent } from '@/lib/schemas/draft';
import { noRemarks, remarksKey } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import type { Judgement } from '@/trainer/contract/judgement';
import { type Place, placesOf } from '../board/board-state';

type Judged = Judgement & Pick<BoardContent, 'remarks'>;

export type MergeRow = { responseId: string; mine: Place; stored: Place; differs: boolean };

/** Two judgements of one prompt side by side, in the order of the board. */
export function compareJudgements(
  responseIds: readonly string[],
  mine: Judged,
  stored: Judged,
): { rows: MergeRow[]; differing: number; allBadDiffers: boolean; remarksDiffer: boolean } {
  const [a, b] = [placesOf(mine.placements), placesOf(stored.placements)];
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
export function mergeWords(compared: ReturnType<typeof compareJudgements>, t: Translator<'annotate'>): string {
  const { rows, differing, allBadDiffers, remarksDiffer } = compared;
  if (differing === 0) {
    if (allBadDiffers) return t(remarksDiffer ? 'merge.allBadAndRemarks' : 'merge.allBad');
    return t(remarksDiffer ? 'merge.remarks' : 'merge.same');
  }
  return [
    t('merge.places', { differing, responses: rows.length }),
    ...(allBadDiffers ? [t('merge.allBadToo')] : []),
    ...(remarksDiffer ? [t('merge.remarksToo')] : []),
  ].join(' ');
}

/** What was said beside the tiers, short: "2 tags · 1 mark · “Both are off.”". */
export function remarkWords({ comment, tags, marks }: Remarks = noRemarks, t: Translator<'annotate'>): string {
  const parts: string[] = [];
  if (tags.length > 0) parts.push(t('countTags', { tags: tags.length }));
  if (marks.length > 0) parts.push(t('countMarks', { marks: marks.length }));
  if (comment) parts.push(t('quoted', { text: comment }));
  return parts.join(' · ') || t('merge.none');
}
