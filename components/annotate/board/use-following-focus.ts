'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { bringIntoView, findResponse, isInView } from './in-view';

/**
 * Keeps the focus on the active response. `follow()` asks for it: the response that a change leaves active takes the
 * focus as soon as it is drawn: a moved card is a new element, and another view draws it elsewhere.
 */
export function useFollowingFocus(root: RefObject<HTMLElement | null>, activeId: string | null): () => void {
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current || activeId === null) return;
    const element = findResponse(root.current, activeId);
    if (!element) return;
    wanted.current = false;
    element.focus({ preventScroll: true });
    if (!isInView(element) || !element.hasAttribute('data-reading-pane')) bringIntoView(element);
  });
  return useCallback(() => {
    wanted.current = true;
  }, []);
}
