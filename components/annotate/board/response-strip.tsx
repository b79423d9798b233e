'use client';

import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef } from 'react';
import { placeName, responseName } from './announcements';
import { dragId } from './board-places';
import type { BoardState } from './board-state';
import { ResponseLetter } from './response-letter';

/** All responses as letters with their state, in the order shown; a press reads one. */
export function ResponseStrip({
  board,
  tiers,
  shown,
  onRead,
}: {
  board: BoardState;
  tiers: readonly string[];
  /** Those that are read now. */
  shown: readonly string[];
  onRead: (id: string) => void;
}) {
  const t = useTranslations('annotate');
  const list = useRef<HTMLUListElement>(null);
  const activeIndex = board.responseIds.indexOf(board.activeId ?? '');
  // On a phone there may be more letters than fit: the active one is always there. Nothing but the row moves.
  useLayoutEffect(() => {
    const row = list.current;
    const letter = row?.children[activeIndex];
    if (!row || !letter) return;
    const [outer, inner] = [row.getBoundingClientRect(), letter.getBoundingClientRect()];
    if (inner.left < outer.left) row.scrollLeft -= outer.left - inner.left;
    else if (inner.right > outer.right) row.scrollLeft += inner.right - outer.right;
  }, [activeIndex]);
  return (
    <ul ref={list} aria-label={t('responses')} className="flex min-w-0 flex-1 gap-0.5 overflow-x-auto">
      {board.responseIds.map((id, index) => {
        const place = board.places[id] ?? null;
        return (
          <li key={id} data-drag={dragId('letter', id)} className="touch-manipulation pointer-coarse:select-none">
            <button
              type="button"
              aria-label={t('responseAt', { name: responseName(board, id, t), place: placeName(place, tiers, t) })}
              aria-current={shown.includes(id) || undefined}
              onClick={() => onRead(id)}
              className="flex size-9 items-center justify-center rounded-md hover:bg-hover aria-[current]:bg-accent-wash"
            >
              <ResponseLetter index={index} place={place} tierCount={tiers.length} active={board.activeId === id} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
