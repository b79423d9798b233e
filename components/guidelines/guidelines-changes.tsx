'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useWordDiff } from '@/components/annotate/board/use-word-diff';
import { partChunks } from '@/components/content/text-chunks';
import type { GuidelineVersion } from '@/lib/schemas/guidelines';
import { GuidelinesText } from './guidelines-text';
import { guidelinesAsText, type InlinePart, inlineDiff } from './inline-diff';

/**
 * The differences between two versions, marked by colour, by a line through or below, and by hidden text for screen
 * readers.
 */
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
  const diff = useWordDiff(guidelinesAsText(before, tiers), guidelinesAsText(after, tiers));
  const chunks = useMemo(() => (diff && diff !== 'tooMany' ? partChunks(inlineDiff(diff)) : null), [diff]);
  // Without workers, or when two texts share little, there is no comparison, and the whole text is shown.
  if (!chunks) return <GuidelinesText guidelines={after} tiers={tiers} />;
  return (
    <section aria-label={t('whatChanged')} dir="auto" className="prose-response text-sm leading-relaxed">
      {chunks.map((parts, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no id and never change
        <div key={at} className={chunks.length > 1 ? 'text-part' : undefined}>
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no id and never change
            <ChangedText key={index} {...part} />
          ))}
        </div>
      ))}
    </section>
  );
}

function ChangedText({ text, kind }: InlinePart) {
  const t = useTranslations('guidelines');
  if (kind === 'same') return text;
  const Tag = kind === 'added' ? 'ins' : 'del';
  return (
    <Tag
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
}
