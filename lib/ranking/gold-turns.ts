/** What an annotator has had so far, or what is still there. */
export interface GoldCounts {
  gold: number;
  others: number;
}

/**
 * Whose turn it is: for each of the next prompts, whether it is a gold one. First the warm-up, then one behind every
 * `every` others; gold prompts that have no turn come when the others are through.
 */
export function goldTurns(
  { warmUp, every }: { warmUp: number; every: number },
  seen: GoldCounts,
  left: GoldCounts,
  count: number,
): boolean[] {
  const turns: boolean[] = [];
  let { gold, others } = seen;
  while (turns.length < count) {
    const [hasGold, hasOther] = [gold - seen.gold < left.gold, others - seen.others < left.others];
    if (!hasGold && !hasOther) break;
    const due = gold < warmUp || (every > 0 && others >= every * (gold - warmUp + 1));
    const isGold = hasGold && (due || !hasOther);
    turns.push(isGold);
    if (isGold) gold++;
    else others++;
  }
  return turns;
}
