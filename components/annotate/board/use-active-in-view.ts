'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { isInView, shownResponses, visibleHeight } from './in-view';

/**
 * What is read is what keys act on: when the active response was scrolled out of sight, the one that is most in sight
 * becomes active.
 */
export function useActiveInView(
  root: RefObject<HTMLElement | null>,
  activeId: () => string | null,
  onActivate: (id: string) => void,
): void {
  const latest = useRef({ activeId, onActivate });
  useEffect(() => {
    latest.current = { activeId, onActivate };
  });
  useEffect(() => {
    const board = root.current;
    if (!board) return;
    let frame = 0;
    const look = () => {
      if (board.dataset.dragging !== undefined) return;
      const { activeId, onActivate } = latest.current;
      const shown = shownResponses(board);
      const active = shown.find((element) => element.dataset.responseCard === activeId());
      if (shown.length === 0 || (active && isInView(active))) return;
      const best = shown.reduce((most, element) => (visibleHeight(element) > visibleHeight(most) ? element : most));
      if (isInView(best)) onActivate(best.dataset.responseCard!);
    };
    const onScroll = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    board.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      board.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [root]);
}
