'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { bringIntoView, findResponse, isInView } from './in-view';

/**
 * Keeps the focus on the active response. `follow()` asks for it: the response that a change leaves active takes the
 * focus after the next render, since a moved card is a new element, and so does the one that another `view` shows.
 */
export function useFollowingFocus(
  root: RefObject<HTMLElement | null>,
  activeId: string | null,
  view: unknown,
): () => void {
  const wanted = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view shows the same response elsewhere
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
