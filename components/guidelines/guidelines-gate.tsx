'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { useWordDiff } from '@/components/annotate/use-word-diff';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page-header';
import { errorMessage, Notice } from '@/components/ui/states';
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
  const acknowledge = useAcknowledge(projectId);
  const [whole, setWhole] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page width="narrow">
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-[1.625rem] tracking-tight outline-none">
        {acknowledged ? 'The guidelines have changed' : 'Before you begin'}
      </h1>
      <p className="mt-1.5 mb-5 text-soft">
        {acknowledged
          ? 'Have a look at what is new before you go on. What you have judged stays as it is.'
          : 'This is what to judge by. You can open it beside the board at any time.'}
      </p>
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
          <Button onClick={() => setWhole(!whole)}>{whole ? 'Show what changed' : 'Show all of it'}</Button>
        ) : null}
        <Button variant="primary" pending={acknowledge.isPending} onClick={() => acknowledge.mutate(current.version)}>
          I have read them
        </Button>
      </div>
    </Page>
  );
}

/** Colour, a line through or below, and words for those who see neither. */
function Changes({ before, after, tiers }: { before: GuidelineVersion; after: GuidelineVersion; tiers: string[] }) {
  const diff = useWordDiff(wholeText(before, tiers), wholeText(after, tiers));
  const parts = useMemo(() => diff && inlineDiff(diff), [diff]);
  // Without workers there is no comparison: then the whole text is shown.
  if (!parts) return <GuidelinesText guidelines={after} tiers={tiers} />;
  return (
    <section aria-label="What changed" dir="auto" className="prose-response text-sm leading-relaxed">
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
            <span className="sr-only">{kind === 'added' ? ' added: ' : ' removed: '}</span>
            {text}
          </Tag>
        );
      })}
    </section>
  );
}
