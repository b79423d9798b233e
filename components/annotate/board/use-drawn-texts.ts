'use client';

import { type RefObject, useEffect, useState } from 'react';
import { textOf } from '@/components/content/highlight';

const NONE: readonly string[] = [];

/**
 * The texts of the responses that are compared, as they are drawn: formatting comes late, and what is folded or opened
 * changes them. @param ids of those responses; empty while nothing is compared
 */
export function useDrawnTexts(panes: RefObject<HTMLElement | null>, ids: string): readonly string[] {
  const [drawn, setDrawn] = useState(NONE);
  useEffect(() => {
    const root = panes.current;
    if (ids === '' || !root) return;
    let frame = 0;
    const read = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const texts = textElements(root).map((element) => textOf(element).text);
        setDrawn((known) => (known.join('\0') === texts.join('\0') ? known : texts));
      });
    };
    read();
    const watcher = new MutationObserver(read);
    watcher.observe(root, { childList: true, subtree: true, characterData: true });
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [panes, ids]);
  return ids === '' ? NONE : drawn;
}

/** The elements that hold the texts of responses, in order. */
export function textElements(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-response-text]')];
}
