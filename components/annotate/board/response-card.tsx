'use client';

import { ArrowRightLeft, Pin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useId, useRef } from 'react';
import { FOLDED } from '@/components/content/excerpt';
import { ResponseText, useIsLong } from '@/components/content/response-text';
import { useLineClip } from '@/components/content/use-line-clip';
import { classNames } from '@/components/ui/class-names';
import { MenuButton } from '@/components/ui/menu';
import type { MenuEntry } from '@/components/ui/menu-entry';
import { type KeyBindings, keyLabel } from '../keys/key-bindings';
import { CardRemarks, CardTagMenu } from '../remarks/card-tags';
import { dragId } from './board-places';
import type { Place } from './board-state';
import { responseRing } from './response-ring';

export type CardHandlers = {
  keys: KeyBindings;
  onPlace: (id: string, place: Place) => void;
  onActivate: (id: string) => void;
  onToggleExpanded: (id: string) => void;
  onCompare: (id: string) => void;
  /** Shows it in the reading pane. */
  onRead: (id: string) => void;
};

/** One response: dragged by mouse, pen or long press; focused for keys; with a menu that does the same. */
export const ResponseCard = memo(function ResponseCard({
  id,
  name,
  text,
  place,
  tiers,
  active,
  armed,
  pinned,
  expanded,
  handlers,
}: {
  id: string;
  name: string;
  text: string;
  place: Place;
  tiers: readonly string[];
  active: boolean;
  /** Tapped: the next tap on a lane places it. */
  armed: boolean;
  /** Waits for another response to be compared with. */
  pinned: boolean;
  expanded: boolean;
  handlers: CardHandlers;
}) {
  const t = useTranslations('annotate');
  const textId = useId();
  const long = useIsLong(text);
  const folded = long && !expanded;
  const body = useRef<HTMLDivElement>(null);
  useLineClip(body, folded);

  return (
    <li data-drag={dragId('card', id)} className="min-w-0 list-none touch-manipulation pointer-coarse:select-none">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields */}
      <div
        role="group"
        aria-label={name}
        // An opened long text is read where it stands, not as one endless description.
        aria-describedby={long && expanded ? undefined : textId}
        data-response-card={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the focused card is what the number keys act on
        tabIndex={0}
        onFocus={(event) => {
          handlers.onActivate(id);
          // The focus never stays where the fold hides it.
          if (event.target.closest('[data-folded]')) handlers.onToggleExpanded(id);
        }}
        className={classNames(
          'scroll-my-2 in-data-draggable:cursor-grab rounded-lg border bg-surface py-2 pe-2 ps-3.5 shadow-card contain-content [transition:border-color_150ms,box-shadow_150ms]',
          'in-data-dnd-dragging:cursor-grabbing in-data-dnd-dragging:shadow-raised',
          responseRing({ armed, active }, 'border-line hover:border-edge'),
        )}
      >
        <div className="flex items-center justify-between gap-2">
          <p className={classNames('font-medium text-[0.8125rem]', active ? 'text-accent' : 'text-soft')}>
            {name}
            {pinned ? (
              <span className="ms-2 inline-flex items-center gap-1 font-normal text-accent text-xs">
                <Pin aria-hidden="true" className="size-3" />
                {t('pinned')}
              </span>
            ) : null}
          </p>
          <span className="flex">
            <CardTagMenu id={id} name={name} />
            <CardMenu id={id} name={name} place={place} tiers={tiers} pinned={pinned} handlers={handlers} />
          </span>
        </div>
        <div
          ref={body}
          id={textId}
          data-folded={folded || undefined}
          className={classNames('pe-2 pb-1.5 leading-relaxed', folded && FOLDED)}
        >
          <ResponseText text={text} folded={folded} responseId={id} />
        </div>
        {long ? (
          <button
            type="button"
            aria-expanded={expanded}
            onClick={() => handlers.onToggleExpanded(id)}
            className="-ms-1.5 mb-1 rounded-sm px-1.5 py-1 font-medium text-[0.8125rem] text-accent hover:bg-hover"
          >
            {expanded ? t('showLess') : t('showAll')}
          </button>
        ) : null}
        <CardRemarks id={id} name={name} />
      </div>
    </li>
  );
});

/** Everything that can be done with a response, for people who neither drag nor know the keys. */
export function CardMenu({
  id,
  name,
  place,
  tiers,
  pinned,
  handlers,
  opens = false,
}: {
  id: string;
  name: string;
  place: Place;
  tiers: readonly string[];
  pinned: boolean;
  handlers: CardHandlers;
  /** Whether it is not read where it is, so that reading it is one of the entries. */
  opens?: boolean;
}) {
  const t = useTranslations('annotate');
  const { keys } = handlers;
  const entries = (): MenuEntry[] => [
    ...(opens
      ? [{ id: 'read', label: t('read'), note: keyLabel(keys.expand), onSelect: () => handlers.onRead(id) }]
      : []),
    ...tiers.map((tier, index) => ({
      id: `tier-${index}`,
      label: tier,
      note: place === index ? t('here') : keyLabel(keys[`tier-${index + 1}` as 'tier-1']),
      onSelect: () => handlers.onPlace(id, index),
    })),
    {
      id: 'cannot-judge',
      label: t('cantJudge'),
      note: place === 'cannot_judge' ? t('here') : keyLabel(keys['cannot-judge']),
      onSelect: () => handlers.onPlace(id, 'cannot_judge'),
    },
    ...(place === null
      ? []
      : [
          {
            id: 'unplace',
            label: t('notPlaced'),
            note: keyLabel(keys.unplace),
            onSelect: () => handlers.onPlace(id, null),
          },
        ]),
    {
      id: 'compare',
      label: pinned ? t('takeThePinOff') : t('compare'),
      note: keyLabel(keys.compare),
      onSelect: () => handlers.onCompare(id),
    },
  ];
  return (
    <MenuButton label={t('moveName', { name })} entries={entries} className="size-8 pointer-coarse:size-10">
      <ArrowRightLeft aria-hidden="true" className="size-3.5" />
    </MenuButton>
  );
}
