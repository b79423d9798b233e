/**
 * How often each trigram of characters occurs. The text is lower-cased, every run of other characters than letters and
 * digits becomes one space, and a space is put at both ends.
 */
export function trigramCounts(text: string): Map<string, number> {
  const characters = [
    ...` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `,
  ];
  const counts = new Map<string, number>();
  for (let i = 0; i + 3 <= characters.length; i++) {
    const trigram = characters.slice(i, i + 3).join('');
    counts.set(trigram, (counts.get(trigram) ?? 0) + 1);
  }
  return counts;
}

/** From 0 to 1, and symmetric: rounded to 12 digits, so that equal texts tie whatever the order of summation. */
export function cosineSimilarity(a: Map<string, number>, b: Map<string, number>): number {
  const norm = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  const scale = Math.sqrt(norm(a) * norm(b));
  if (scale === 0) return 0;
  let dot = 0;
  for (const [trigram, count] of a) dot += count * (b.get(trigram) ?? 0);
  return Number(Math.min(1, dot / scale).toFixed(12));
}
