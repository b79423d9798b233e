'use client';

import { type RefObject, useEffect } from 'react';
import { useOfferedTags } from './card-tags';
import { HighlightToolbar } from './highlight-toolbar';
import { clearHighlights, drawHighlights, type Texts } from './passages';
import { useRemarksView } from './remarks-context';
import { useSelectedPassage } from './use-selected-passage';

/** Draws the highlights, and offers tags for the passage that is selected. Loaded when there is a highlight or a selection. */
export function HighlightsLayer({ root, texts }: { root: RefObject<HTMLElement | null>; texts: Texts }) {
  const { remarks, tags, act } = useRemarksView();
  const { marks: highlights } = remarks;
  const offered = useOfferedTags();
  const [selected, endSelection] = useSelectedPassage(root, texts);

  useEffect(() => {
    const board = root.current;
    if (!board || highlights.length === 0) return;
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => drawHighlights(board, highlights, tags, texts));
    };
    draw();
    // Cards move, open, and get their formatting late.
    const watcher = new MutationObserver(draw);
    watcher.observe(board, { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden'] });
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      clearHighlights();
    };
  }, [root, highlights, tags, texts]);

  if (!selected || offered.length === 0) return null;
  const { box, responseId, start, end } = selected;
  return (
    <HighlightToolbar
      box={box}
      offered={offered}
      onHighlight={(tag) => {
        act({ type: 'highlight', highlight: { responseId, start, end, tag: tag.id } });
        endSelection();
      }}
      onDismiss={endSelection}
    />
  );
}
