import type { WorkSign } from '@/lib/schemas/work';

/**
 * Latin letters. Some 600 words a minute: more than twice what quick readers do. Who was faster is noted with each
 * annotation, by `note_annotations` in the migration kept_counts.
 */
export const FAST_CHARACTERS_PER_SECOND = 60;

const FEW = 3;

/** What is worth a look. Says nothing about so little work that it may be chance. */
export function workSigns(work: {
  prompts: number;
  fast: number;
  singleTier: number;
  withSeveralPlaced: number;
}): WorkSign[] {
  const signs: WorkSign[] = [];
  if (work.fast >= FEW && work.fast * 5 >= work.prompts) {
    signs.push({ kind: 'fast', count: work.fast, prompts: work.prompts });
  }
  if (work.singleTier >= FEW && work.singleTier * 2 >= work.withSeveralPlaced) {
    signs.push({ kind: 'singleTier', count: work.singleTier, prompts: work.withSeveralPlaced });
  }
  return signs;
}
