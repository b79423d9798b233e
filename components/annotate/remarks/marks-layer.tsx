'use client';

import { type RefObject, useEffect } from 'react';
import { useOfferedTags } from './card-tags';
import { MarkingToolbar } from './marking-toolbar';
import { clearMarks, drawMarks, type Texts } from './passages';
import { useRemarksView } from './remarks-context';
import { useSelectedPassage } from './use-selected-passage';

/** Draws the marks and offers to mark what is selected. Fetched when there is a mark or a selection. */
export function MarksLayer({ root, texts }: { root: RefObject<HTMLElement | null>; texts: Texts }) {
  const { remarks, tags, act } = useRemarksView();
  const { marks } = remarks;
  const offered = useOfferedTags();
  const [selected, endSelection] = useSelectedPassage(root, texts);

  useEffect(() => {
    const board = root.current;
    if (!board || marks.length === 0) return;
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => drawMarks(board, marks, tags, texts));
    };
    draw();
    // Cards move, open, and get their formatting late.
    const watcher = new MutationObserver(draw);
    watcher.observe(board, { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden'] });
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      clearMarks();
    };
  }, [root, marks, tags, texts]);

  if (!selected || offered.length === 0) return null;
  const { box, responseId, start, end } = selected;
  return (
    <MarkingToolbar
      box={box}
      offered={offered}
      onMark={(tag) => {
        act({ type: 'mark', mark: { responseId, start, end, tag: tag.id } });
        endSelection();
      }}
      onDismiss={endSelection}
    />
  );
}
