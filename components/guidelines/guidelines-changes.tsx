'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useWordDiff } from '@/components/annotate/use-word-diff';
import type { GuidelineVersion } from '@/lib/schemas/guidelines';
import { GuidelinesText } from './guidelines-text';
import { inlineDiff, wholeText } from './inline-diff';

/** What came and went between two versions: by colour, a line through or below, and words for those who see neither. */
export function GuidelinesChanges({
  before,
  after,
  tiers,
}: {
  before: GuidelineVersion;
  after: GuidelineVersion;
  tiers: string[];
}) {
  const t = useTranslations('guidelines');
  const diff = useWordDiff(wholeText(before, tiers), wholeText(after, tiers));
  const parts = useMemo(() => diff && inlineDiff(diff), [diff]);
  // Without workers there is no comparison: then the whole text is shown.
  if (!parts) return <GuidelinesText guidelines={after} tiers={tiers} />;
  return (
    <section aria-label={t('whatChanged')} dir="auto" className="prose-response text-sm leading-relaxed">
      {parts.map(({ text, kind }, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no id and never change
        if (kind === 'same') return <span key={index}>{text}</span>;
        const Tag = kind === 'added' ? 'ins' : 'del';
        return (
          <Tag
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no id and never change
            key={index}
            className={
              kind === 'added'
                ? 'rounded-xs bg-good-wash text-good underline underline-offset-3'
                : 'rounded-xs bg-bad-wash text-bad line-through'
            }
          >
            <span className="sr-only">{` ${t(kind === 'added' ? 'added' : 'removed')} `}</span>
            {text}
          </Tag>
        );
      })}
    </section>
  );
}
