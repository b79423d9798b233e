'use client';

import { useDraggable } from '@dnd-kit/react';
import { ArrowRightLeft } from 'lucide-react';
import { memo, useId } from 'react';
import { classNames } from '@/components/ui/class-names';
import { MenuButton, type MenuEntry } from '@/components/ui/menu';
import type { Place } from './board-state';

/** Longer texts are folded after this many characters until asked for. */
const FOLD_AT = 420;

export type CardHandlers = {
  onPlace: (id: string, place: Place) => void;
  onActivate: (id: string) => void;
  onToggleExpanded: (id: string) => void;
};

/** One response: dragged by mouse, pen or long press; focused for keys; with a menu that does the same. */
export const ResponseCard = memo(function ResponseCard({
  id,
  name,
  text,
  place,
  tiers,
  active,
  expanded,
  handlers,
}: {
  id: string;
  name: string;
  text: string;
  place: Place;
  tiers: readonly string[];
  active: boolean;
  expanded: boolean;
  handlers: CardHandlers;
}) {
  const textId = useId();
  const { ref, isDragging } = useDraggable({ id });
  const long = text.length > FOLD_AT;
  const entries: MenuEntry[] = [
    ...tiers.map((tier, index) => ({
      id: `tier-${index}`,
      label: tier,
      note: place === index ? 'here' : index + 1,
      onSelect: () => handlers.onPlace(id, index),
    })),
    {
      id: 'cannot-judge',
      label: "Can't judge",
      note: place === 'cannot_judge' ? 'here' : 'C',
      onSelect: () => handlers.onPlace(id, 'cannot_judge'),
    },
    ...(place === null
      ? []
      : [{ id: 'unplace', label: 'Not placed', note: '0', onSelect: () => handlers.onPlace(id, null) }]),
  ];

  return (
    <li ref={ref} className="min-w-0 list-none touch-manipulation pointer-coarse:select-none">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields */}
      <div
        role="group"
        aria-label={name}
        aria-describedby={textId}
        data-response-card={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the focused card is what the number keys act on
        tabIndex={0}
        onFocus={() => handlers.onActivate(id)}
        className={classNames(
          'h-full cursor-grab scroll-mt-24 scroll-mb-48 rounded-lg border bg-surface py-2 pr-2 pl-3.5 transition-[border-color,box-shadow]',
          isDragging ? 'cursor-grabbing border-edge shadow-raised' : 'shadow-card',
          active ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-edge',
        )}
      >
        <div className="flex items-center justify-between gap-2">
          <p className={classNames('font-medium text-[0.8125rem]', active ? 'text-accent' : 'text-soft')}>{name}</p>
          <MenuButton label={`Move ${name}`} entries={entries} className="size-8 pointer-coarse:size-10">
            <ArrowRightLeft aria-hidden="true" className="size-3.5" />
          </MenuButton>
        </div>
        <p
          id={textId}
          dir="auto"
          className={classNames('prose-response pr-2 pb-1.5 leading-relaxed', long && !expanded && 'line-clamp-6')}
        >
          {text}
        </p>
        {long ? (
          <button
            type="button"
            aria-expanded={expanded}
            onClick={() => handlers.onToggleExpanded(id)}
            className="-ml-1.5 mb-1 rounded-sm px-1.5 py-1 font-medium text-[0.8125rem] text-accent hover:bg-hover"
          >
            {expanded ? 'Show less' : 'Show all'}
          </button>
        ) : null}
      </div>
    </li>
  );
});
