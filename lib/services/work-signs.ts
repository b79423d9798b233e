/** Latin letters. Some 600 words a minute: more than twice what quick readers do. */
export const FAST_CHARACTERS_PER_SECOND = 60;

/** Whether somebody was done before even a very quick reader could have read it all. `characters` in Latin letters. */
export function isFast(activeMs: number, characters: number): boolean {
  return activeMs * FAST_CHARACTERS_PER_SECOND < characters * 1000;
}

const FEW = 3;

/** What is worth a look, in words. Says nothing about so little work that it may be chance. */
export function workSigns(work: {
  prompts: number;
  fast: number;
  singleTier: number;
  withSeveralPlaced: number;
}): string[] {
  const signs: string[] = [];
  if (work.fast >= FEW && work.fast * 5 >= work.prompts) {
    signs.push(`${work.fast} of ${work.prompts} prompts were judged faster than they can be read`);
  }
  if (work.singleTier >= FEW && work.singleTier * 2 >= work.withSeveralPlaced) {
    signs.push(`${work.singleTier} of ${work.withSeveralPlaced} prompts have all responses in one tier`);
  }
  return signs;
}
