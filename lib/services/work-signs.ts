import type { WorkSign } from '@/lib/schemas/work';

/**
 * In Latin letters: some 600 words per minute, more than twice the speed of quick readers. The function
 * `note_annotations` of the migration kept_counts records for each annotation whether it was faster.
 */
export const FAST_CHARACTERS_PER_SECOND = 60;

const MIN_COUNT = 3;

/** Signs that are worth a look. Small numbers give none, since they may be chance. */
export function workSigns(work: {
  prompts: number;
  fast: number;
  singleTier: number;
  withSeveralPlaced: number;
}): WorkSign[] {
  const signs: WorkSign[] = [];
  if (work.fast >= MIN_COUNT && work.fast * 5 >= work.prompts) {
    signs.push({ kind: 'fast', count: work.fast, prompts: work.prompts });
  }
  if (work.singleTier >= MIN_COUNT && work.singleTier * 2 >= work.withSeveralPlaced) {
    signs.push({ kind: 'singleTier', count: work.singleTier, prompts: work.withSeveralPlaced });
  }
  return signs;
}
