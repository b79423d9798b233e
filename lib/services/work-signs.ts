import type { WorkSign } from '@/lib/schemas/work';

/** Latin letters. Some 600 words a minute: more than twice what quick readers do. */
export const FAST_CHARACTERS_PER_SECOND = 60;

/** Whether somebody was done before even a very quick reader could have read it all. `characters` in Latin letters. */
export function isFast(activeMs: number, characters: number): boolean {
  return activeMs * FAST_CHARACTERS_PER_SECOND < characters * 1000;
}

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
