'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { isMarkable, laneOf, placeOfLane } from './board-places';
import type { Place } from './board-state';

/**
 * Placing by two taps instead of a drag: one on a card, one on a lane. Only for fingers and pens: with a mouse a click
 * on a lane means nothing. `armed` is the card that waits for its lane.
 */
export function useTapPlacing(
  root: RefObject<HTMLElement | null>,
  armed: string | null,
  onArm: (id: string | null) => void,
  onPlace: (id: string, place: Place) => void,
): void {
  const latest = useRef({ armed, onArm, onPlace });
  useEffect(() => {
    latest.current = { armed, onArm, onPlace };
  });

  useEffect(() => {
    const board = root.current;
    if (!board) return;
    const onClick = (event: Event) => {
      const { pointerType } = event as PointerEvent;
      if ((pointerType !== 'touch' && pointerType !== 'pen') || !(event.target instanceof Element)) return;
      if (event.target.closest('button, a, input, summary') || isMarkable(event.target)) return;
      const { armed, onArm, onPlace } = latest.current;
      // A tap on what is read reads on.
      if (event.target.closest('[data-reading-pane]')) return;
      const card = event.target.closest<HTMLElement>('[data-response-card]')?.dataset.responseCard;
      if (card) return onArm(card === armed ? null : card);
      const lane = laneOf(event.target);
      const place = lane === null ? undefined : placeOfLane(lane);
      if (armed !== null && place !== undefined) onPlace(armed, place);
      else if (place === undefined) onArm(null);
    };
    board.addEventListener('click', onClick);
    return () => board.removeEventListener('click', onClick);
  }, [root]);
}
