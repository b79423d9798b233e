'use client';

import { type RefObject, useCallback, useEffect, useState } from 'react';
import { type Selected, selectedPassage, type Texts } from './passages';

/** The passage that is selected in a response, until the layout moves under it, and what ends the selection. */
export function useSelectedPassage(root: RefObject<HTMLElement | null>, texts: Texts): [Selected | null, () => void] {
  const [selected, setSelected] = useState<Selected | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = () => setSelected(root.current ? selectedPassage(root.current, texts) : null);
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(look, 120);
    };
    later();
    document.addEventListener('selectionchange', later);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('selectionchange', later);
    };
  }, [root, texts]);

  // Scrolling, a window or a panel that changes its size, a response that opens, folds or is placed: whatever it is,
  // the passage is no longer where it was.
  useEffect(() => {
    if (!selected) return;
    let frame = 0;
    const look = () => {
      if (isAt(selected.box)) frame = requestAnimationFrame(look);
      else setSelected(null);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [selected]);

  const end = useCallback(() => {
    getSelection()?.removeAllRanges();
    setSelected(null);
  }, []);
  return [selected, end];
}

/** Whether the selection is drawn there, up to a pixel. */
function isAt(box: DOMRect): boolean {
  const selection = getSelection();
  if (!selection || selection.rangeCount === 0) return false;
  const now = selection.getRangeAt(0).getBoundingClientRect();
  return (['left', 'top', 'right', 'bottom'] as const).every((side) => Math.abs(now[side] - box[side]) <= 1);
}
