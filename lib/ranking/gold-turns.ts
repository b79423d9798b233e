/** Numbers of gold and other prompts, that an annotator has seen or that remain. */
export interface GoldCounts {
  gold: number;
  others: number;
}

/**
 * Decides for each of the next prompts whether it is a gold one: first the warm-up, then one gold prompt after every
 * `every` others; gold prompts that are left over come after all others.
 */
export function goldTurns(
  { warmUp, every }: { warmUp: number; every: number },
  seen: GoldCounts,
  remaining: GoldCounts,
  count: number,
): boolean[] {
  const turns: boolean[] = [];
  let { gold, others } = seen;
  while (turns.length < count) {
    const [hasGold, hasOther] = [gold - seen.gold < remaining.gold, others - seen.others < remaining.others];
    if (!hasGold && !hasOther) break;
    const due = gold < warmUp || (every > 0 && others >= every * (gold - warmUp + 1));
    const isGold = hasGold && (due || !hasOther);
    turns.push(isGold);
    if (isGold) gold++;
    else others++;
  }
  return turns;
}
