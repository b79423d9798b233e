import type { GoldComparison } from '@/lib/ranking/gold';

/** How a judgement compares with the expected one, in words; an undefined share is said, never shown as a number. */
export function goldWords({ pairs, share }: GoldComparison): string {
  if (share === null) return 'There is nothing to compare: fewer than two responses were placed by both.';
  if (share === 1) return 'You ordered all of them as expected.';
  const count = (verdict: string) => pairs.filter((pair) => pair.verdict === verdict).length;
  const parts = [`${count('agreed')} of ${pairs.length} pairs as expected`];
  if (count('contradicted') > 0) parts.push(`${count('contradicted')} the other way round`);
  if (count('tied') > 0) parts.push(`${count('tied')} tied by one of you and ordered by the other`);
  return `${parts.join(', ')}.`;
}
