'use client';

import { Pin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, type RefObject, useLayoutEffect, useRef } from 'react';
import { ResponseText } from '@/components/content/response-text';
import { classNames } from '@/components/ui/class-names';
import { TierBadge } from '@/components/ui/tier';
import { CardRemarks, CardTagMenu } from '../remarks/card-tags';
import { placeName } from './announcements';
import { dragId } from './board-places';
import type { Place } from './board-state';
import { type CardHandlers, CardMenu } from './response-card';
import { ResponseLetter } from './response-letter';
import { responseRing } from './response-ring';

export type ReadResponse = { id: string; index: number; name: string; text: string; place: Place };

/**
 * One response to read: as wide as lines are read well, with a scroll of its own where there is room beside it. Placed
 * by the keys while it is ringed, or by dragging its letter.
 */
export const ReadingPane = memo(function ReadingPane({
  id,
  index,
  name,
  text,
  place,
  tiers,
  active,
  pinned,
  armed,
  scrolls,
  stacked,
  handlers,
  onScroll,
}: ReadResponse & {
  tiers: readonly string[];
  active: boolean;
  pinned: boolean;
  armed: boolean;
  /** Where each response was left, in CSS pixels from its top. */
  scrolls: RefObject<Map<string, number>>;
  /** One above the other, each with half the height. */
  stacked: boolean;
  handlers: CardHandlers;
  onScroll: (pane: HTMLElement) => void;
}) {
  const t = useTranslations('annotate');
  const pane = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (pane.current) pane.current.scrollTop = scrolls.current.get(id) ?? 0;
  }, [id, scrolls]);
  const activate = () => {
    if (!active) handlers.onActivate(id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields
    <div
      ref={pane}
      role="group"
      aria-label={name}
      data-response-card={id}
      data-reading-pane
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the focused pane is what the keys place and scroll
      tabIndex={0}
      onFocus={activate}
      onPointerDown={activate}
      onWheel={activate}
      onTouchMove={activate}
      onScroll={(event) => {
        scrolls.current.set(id, event.currentTarget.scrollTop);
        onScroll(event.currentTarget);
      }}
      className={classNames(
        'reading-pane min-w-0 scroll-mt-12 rounded-lg border bg-surface outline-none focus-visible:ring-2 md:h-full md:overflow-y-auto md:overscroll-contain',
        stacked && 'max-md:h-[38dvh] max-md:overflow-y-auto max-md:overscroll-contain',
        responseRing({ armed, active }, 'border-line'),
      )}
    >
      <div
        className={classNames(
          'sticky top-0 z-1 flex h-9 items-center gap-2 rounded-t-lg bg-surface/95 ps-2 pe-1 backdrop-blur-sm',
          !stacked && 'max-md:top-10',
        )}
      >
        <span
          data-drag={dragId('pane', id)}
          className="touch-manipulation in-data-draggable:cursor-grab pointer-coarse:select-none"
        >
          <ResponseLetter index={index} place={place} tierCount={tiers.length} active={false} />
        </span>
        <p
          className={classNames(
            'shrink-0 font-medium text-[0.8125rem] max-sm:sr-only',
            active ? 'text-accent' : 'text-soft',
          )}
        >
          {name}
        </p>
        {typeof place === 'number' ? (
          <TierBadge index={place} tiers={tiers} className="min-w-0" />
        ) : (
          <span className="truncate text-faint text-xs">{placeName(place, tiers, t)}</span>
        )}
        {pinned ? (
          <span className="inline-flex items-center gap-1 text-accent text-xs">
            <Pin aria-hidden="true" className="size-3" />
            <span className="max-lg:sr-only">{t('pinned')}</span>
          </span>
        ) : null}
        <span className="flex-1" />
        <CardTagMenu id={id} name={name} />
        <CardMenu id={id} name={name} place={place} tiers={tiers} pinned={pinned} handlers={handlers} />
      </div>
      <ResponseText text={text} responseId={id} className="reading-text px-3 pt-1 pb-6" />
      <div className="sticky bottom-0 bg-surface/95 px-3.5 empty:hidden">
        <CardRemarks id={id} name={name} />
      </div>
    </div>
  );
});
