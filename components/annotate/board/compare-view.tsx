'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Fragment, type UIEvent, useId, useMemo, useRef, useState } from 'react';
import { FormattedText } from '@/components/content/formatted-text';
import { chunkClass, partChunks } from '@/components/content/text-chunks';
import type { DiffPart } from '@/components/content/word-diff';
import { IconButton } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { TierBadge } from '@/components/ui/tier';
import { placeName } from './announcements';
import type { Place } from './board-state';
import { useWordDiff } from './use-word-diff';

export type Compared = { id: string; name: string; text: string; place: Place };

/**
 * Two responses beside each other, scrolled as one, with the words marked that they do not share. The keys go on
 * placing the one in focus. Differences are shown in the texts as written; without them both are formatted.
 */
export function CompareView({
  pair,
  tiers,
  activeId,
  onActivate,
  onClose,
}: {
  pair: readonly [Compared, Compared];
  tiers: readonly string[];
  activeId: string | null;
  onActivate: (id: string) => void;
  onClose: () => void;
}) {
  const t = useTranslations('annotate');
  const [marked, setMarked] = useState(true);
  const [left, right] = pair;
  const answer = useWordDiff(left.text, right.text);
  const diff = answer === 'tooMany' ? null : answer;
  const same = diff?.left.every(({ changed }) => !changed) && diff.right.every(({ changed }) => !changed);
  const panes = useRef<(HTMLElement | null)[]>([]);
  const leading = useRef<{ side: number; until: number }>({ side: -1, until: 0 });
  const toggleId = useId();

  /** The other pane goes where this one is, in proportion. Its own scroll event must not answer. */
  const follow = (side: 0 | 1, event: UIEvent<HTMLElement>) => {
    const now = performance.now();
    const { current: lead } = leading;
    if (lead.side !== side && now < lead.until) return;
    leading.current = { side, until: now + 150 };
    const from = event.currentTarget;
    const to = panes.current[1 - side];
    const room = from.scrollHeight - from.clientHeight;
    if (to && room > 0) to.scrollTop = (from.scrollTop / room) * (to.scrollHeight - to.clientHeight);
  };

  return (
    <section aria-label={t('comparisonOf', { name: left.name, other: right.name })} className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="font-semibold text-sm">{t('comparison')}</h2>
        <label htmlFor={toggleId} className="flex items-center gap-2 text-[0.8125rem] text-soft">
          <input
            id={toggleId}
            type="checkbox"
            checked={marked}
            onChange={(event) => setMarked(event.target.checked)}
            className="size-4 accent-accent"
          />
          {t('markDifferences')}
        </label>
        <p role="status" aria-label={t('differences')} className="text-[0.8125rem] text-faint">
          {!marked
            ? ''
            : answer === 'tooMany'
              ? t('tooManyDifferences')
              : !diff
                ? t('comparing')
                : same
                  ? t('theSameWords')
                  : ''}
        </p>
        <span className="flex-1" />
        <IconButton label={t('closeComparison')} size="sm" onClick={onClose}>
          <X aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
      <div className="grid gap-2 md:grid-cols-2">
        {pair.map((response, side) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields
          <div
            key={response.id}
            role="group"
            aria-label={response.name}
            data-response-card={response.id}
            data-compare-pane
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the focused pane is what the keys place and scroll
            tabIndex={0}
            ref={(element) => {
              panes.current[side] = element;
            }}
            onFocus={() => onActivate(response.id)}
            onScroll={(event) => follow(side as 0 | 1, event)}
            className={classNames(
              'relative h-[max(12rem,calc(50dvh-9rem))] overflow-y-auto overscroll-contain rounded-lg border bg-surface shadow-card md:h-[max(16rem,calc(100dvh-19rem))]',
              activeId === response.id ? 'border-accent ring-1 ring-accent' : 'border-line',
            )}
          >
            <div className="sticky top-0 z-1 flex items-center justify-between gap-2 border-line border-b bg-surface px-3.5 py-2">
              <p
                className={classNames(
                  'font-medium text-[0.8125rem]',
                  activeId === response.id ? 'text-accent' : 'text-soft',
                )}
              >
                {response.name}
              </p>
              {typeof response.place === 'number' ? (
                <TierBadge index={response.place} tiers={tiers} />
              ) : (
                <span className="text-faint text-xs">{placeName(response.place, tiers, t)}</span>
              )}
            </div>
            <div data-response-text={response.id} className="px-3.5 py-2.5 leading-relaxed">
              {marked && diff ? (
                <DiffText parts={side === 0 ? diff.left : diff.right} />
              ) : (
                <FormattedText text={response.text} />
              )}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function DiffText({ parts }: { parts: readonly DiffPart[] }) {
  const chunks = useMemo(() => partChunks(parts), [parts]);
  return (
    <div dir="auto" className="prose-response">
      {chunks.map((chunk, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no id and never change
        <div key={at} className={chunkClass(chunk.map(({ text }) => text).join(''), chunks.length)}>
          {chunk.map(({ text, changed }, index) =>
            changed ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no id and never change
              <Fragment key={index}>
                <mark className="rounded-xs bg-accent-wash text-ink underline decoration-accent decoration-1 underline-offset-3">
                  {text.trimEnd()}
                </mark>
                {text.slice(text.trimEnd().length)}
              </Fragment>
            ) : (
              text
            ),
          )}
        </div>
      ))}
    </div>
  );
}
