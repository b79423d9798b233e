'use client';

import { useTranslations } from 'next-intl';
import { memo, useMemo } from 'react';
import { firstLine } from '@/components/content/fold';
import { useThinkingTags } from '@/components/content/text-forms';
import { classNames } from '@/components/ui/class-names';
import { ChipTags } from '../remarks/card-tags';
import { placeName, responseLetter } from './announcements';
import { dragId } from './board-places';
import type { Place } from './board-state';
import { type CardHandlers, CardMenu } from './response-card';
import { ResponseLetter } from './response-letter';
import { responseRing } from './response-ring';

/** A placed response in its tier: its letter, its first line, its tags. Opening it shows it in the reading pane. */
export const ResponseChip = memo(function ResponseChip({
  id,
  index,
  text,
  place,
  tiers,
  slim,
  active,
  armed,
  handlers,
}: {
  id: string;
  /** In the order shown. */
  index: number;
  text: string;
  place: Place;
  tiers: readonly string[];
  /** A letter only. */
  slim: boolean;
  active: boolean;
  /** Tapped: the next tap on a tier places it. */
  armed: boolean;
  handlers: CardHandlers;
}) {
  const t = useTranslations('annotate');
  const name = t('responseNamed', { letter: responseLetter(index) });
  const thinkingTags = useThinkingTags();
  const line = useMemo(() => firstLine(text, thinkingTags), [text, thinkingTags]);
  const letter = <ResponseLetter index={index} place={place} tierCount={tiers.length} active={slim && active} />;
  if (slim) {
    return (
      <li data-drag={dragId('chip', id)} className="list-none touch-manipulation pointer-coarse:select-none">
        <button
          type="button"
          aria-label={t('responseAt', { name, place: placeName(place, tiers, t) })}
          aria-current={active || undefined}
          title={line}
          onClick={() => handlers.onRead(id)}
          className="flex rounded-md in-data-draggable:cursor-grab"
        >
          {letter}
        </button>
      </li>
    );
  }
  return (
    <li data-drag={dragId('chip', id)} className="min-w-0 list-none touch-manipulation pointer-coarse:select-none">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields */}
      <div
        role="group"
        aria-label={name}
        data-response-card={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the focused chip is what the number keys act on
        tabIndex={0}
        onFocus={() => handlers.onActivate(id)}
        onDoubleClick={() => handlers.onRead(id)}
        className={classNames(
          'flex h-8 min-w-0 items-center gap-2 rounded-md border bg-surface ps-1 text-[0.8125rem] shadow-card in-data-draggable:cursor-grab pointer-coarse:h-10',
          'in-data-dnd-dragging:cursor-grabbing in-data-dnd-dragging:shadow-raised',
          responseRing({ armed, active }, 'border-line hover:border-edge'),
        )}
      >
        {letter}
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {line}
        </span>
        <ChipTags id={id} />
        <CardMenu id={id} name={name} place={place} tiers={tiers} pinned={false} handlers={handlers} opens />
      </div>
    </li>
  );
});
