import { loadDraft, removeDraft, storeDraft } from '../../components/annotate/session/draft-store';
import { noRemarks } from '../../lib/schemas/remark-rules';

/**
 * Runs in the page: a draft is kept, goes on in another tab, and only then the first tab removes what it saved.
 * @returns the sequences of the draft that is kept: after that removal, and after the one of the newest; null for none
 */
export async function lateRemoval(promptId: string): Promise<(number | null)[]> {
  const draft = (sequence: number) => ({
    baseVersion: 0,
    sequence,
    content: { placements: [], allBad: false, timeOnTaskMs: 0, ...noRemarks },
  });
  const kept = async () => (await loadDraft('somebody', promptId))?.sequence ?? null;
  await storeDraft('somebody', promptId, draft(3));
  await storeDraft('somebody', promptId, draft(4));
  await removeDraft('somebody', promptId, 3);
  const afterLate = await kept();
  await removeDraft('somebody', promptId, 4);
  return [afterLate, await kept()];
}
