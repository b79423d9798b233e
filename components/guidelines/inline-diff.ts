import type { WordDiff } from '@/components/content/word-diff';
import type { GuidelineVersion } from '@/lib/schemas/guidelines';

export type InlinePart = { text: string; kind: 'same' | 'added' | 'removed' };

/** Merges both sides of a word diff into one text, in which removed words precede the words that replaced them. */
export function inlineDiff({ left, right }: WordDiff): InlinePart[] {
  const out: InlinePart[] = [];
  const add = (text: string, kind: InlinePart['kind']) => {
    if (text !== '') out.push({ text, kind });
  };
  let at = 0;
  // White space before a removed part that the newer text does not have.
  let gap = '';
  const remove = () => add(gap + left[at++]!.text, 'removed');
  // Parts that both sides share occur on either side in the same order.
  for (const part of right) {
    if (part.changed) {
      if (left[at]?.changed) remove();
      add(part.text, 'added');
      gap = '';
      continue;
    }
    if (left[at]?.changed) remove();
    add(part.text, 'same');
    gap = /\s$/.test(part.text) ? '' : endingSpace(left[at]?.text ?? '');
    at++;
  }
  while (at < left.length) {
    remove();
    gap = '';
  }
  return out;
}

function endingSpace(text: string): string {
  return text.slice(text.trimEnd().length);
}

/** A version's body and examples as one text. */
export function guidelinesAsText(
  { body, examples }: Pick<GuidelineVersion, 'body' | 'examples'>,
  tiers: readonly string[],
) {
  // An older version may be of more tiers.
  const sections = examples.flatMap((text, tier) => (text ? [`${tiers[tier] ?? `Tier ${tier + 1}`}\n\n${text}`] : []));
  return [body, ...sections].join('\n\n');
}
