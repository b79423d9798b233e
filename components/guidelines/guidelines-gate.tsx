'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWordDiff } from '@/components/annotate/use-word-diff';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page-header';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { GuidelinesAnswer, GuidelineVersion } from '@/lib/schemas/guidelines';
import { GuidelinesText } from './guidelines-text';
import { inlineDiff, wholeText } from './inline-diff';
import { useAcknowledge } from './use-guidelines';

/** Stands before the next prompt until the version in force has been acknowledged; tells what changed. */
export function GuidelinesGate({
  projectId,
  tiers,
  current,
  acknowledged,
}: {
  projectId: string;
  tiers: string[];
  current: GuidelineVersion;
  acknowledged: GuidelinesAnswer['acknowledged'];
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('guidelines');
  const acknowledge = useAcknowledge(projectId);
  const [whole, setWhole] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page width="narrow">
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-[1.625rem] tracking-tight outline-none">
        {acknowledged ? t('theGuidelinesHaveChanged') : t('beforeYouBegin')}
      </h1>
      <p className="mt-1.5 mb-5 text-soft">{acknowledged ? t('haveLookWhatNew') : t('whatJudgeByCan')}</p>
      <Card>
        {acknowledged && !whole ? (
          <Changes before={acknowledged} after={current} tiers={tiers} />
        ) : (
          <GuidelinesText guidelines={current} tiers={tiers} />
        )}
      </Card>
      {acknowledge.isError ? (
        <Notice tone="bad" className="mt-4">
          {errorMessage(acknowledge.error)}
        </Notice>
      ) : null}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        {acknowledged ? (
          <Button onClick={() => setWhole(!whole)}>{whole ? t('showWhatChanged') : t('showAllOfIt')}</Button>
        ) : null}
        <Button variant="primary" pending={acknowledge.isPending} onClick={() => acknowledge.mutate(current.version)}>
          {t('iHaveReadThem')}
        </Button>
      </div>
    </Page>
  );
}

/** Colour, a line through or below, and words for those who see neither. */
function Changes({ before, after, tiers }: { before: GuidelineVersion; after: GuidelineVersion; tiers: string[] }) {
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
            <span className="sr-only"> {t(kind === 'added' ? 'added' : 'removed')} </span>
            {text}
          </Tag>
        );
      })}
    </section>
  );
}
