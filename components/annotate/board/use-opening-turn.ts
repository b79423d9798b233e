import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { ChatMessage } from '@/trainer/contract/record';
import { scrollToTop } from './scroller';

/**
 * The turn that a chat opens at: the last one of the user, since that is what the responses answer. Null where nothing
 * stands before it.
 */
export function openingTurn(messages: readonly Pick<ChatMessage, 'role'>[]): number | null {
  const index = messages.findLastIndex(({ role }) => role === 'user');
  return index > 0 ? index : null;
}

const SIGNS_OF_A_PERSON = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Scrolls what the list of turns lies in to this turn when the chat opens. Earlier turns get their formatting later and
 * would push it away, so it is held there until somebody does something.
 */
export function useOpeningTurn<List extends HTMLElement, Turn extends HTMLElement>(): {
  list: RefObject<List | null>;
  turn: RefObject<Turn | null>;
} {
  const list = useRef<List>(null);
  const turn = useRef<Turn>(null);
  useLayoutEffect(() => {
    if (!list.current || !turn.current) return;
    const show = () => {
      if (turn.current) scrollToTop(turn.current);
    };
    show();
    const sizes = new ResizeObserver(show);
    sizes.observe(list.current);
    const signals = new AbortController();
    const release = () => {
      sizes.disconnect();
      signals.abort();
    };
    for (const type of SIGNS_OF_A_PERSON) {
      addEventListener(type, release, { capture: true, passive: true, signal: signals.signal });
    }
    return release;
  }, []);
  return { list, turn };
}
