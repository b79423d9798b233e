'use client';

import { Highlighter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import type { IssueTag } from '@/lib/schemas/remarks';
import { responseName } from '../board/announcements';
import type { BoardAction, BoardState } from '../board/board-state';
import { findResponse } from '../board/in-view';
import { CommentField } from './comment-field';
import type { Texts } from './passages';
import type { RemarksView } from './remarks-context';
import { useHighlighting } from './use-highlighting';

export type RemarkCommand = 'tag' | 'marks' | 'marking' | 'comment';

// What most prompts never need is not in the way of the first one.
const loadLayer = () => import('./highlights-layer').then(({ HighlightsLayer }) => HighlightsLayer);
const loadDialog = () => import('./highlights-dialog').then(({ HighlightsDialog }) => HighlightsDialog);

/** Everything that is said beside the tiers: what the board shows of it, and what its keys do. */
export function useBoardRemarks({
  root,
  texts,
  board,
  issueTags,
  act,
  say,
}: {
  root: RefObject<HTMLElement | null>;
  texts: Texts;
  board: BoardState;
  issueTags: readonly IssueTag[];
  act: (action: BoardAction) => void;
  say: (words: string) => void;
}) {
  const t = useTranslations('annotate');
  const [isHighlighting, setHighlighting] = useHighlighting();
  const [dialogFor, setDialogFor] = useState<string | null>(null);
  const [isDialogOpen, setDialogOpen] = useState(false);
  const [isCommenting, setCommenting] = useState(false);
  const comment = useRef<HTMLTextAreaElement>(null);
  const selecting = useHasSelected(root);
  const Layer = useLoaded(loadLayer, selecting || isHighlighting || board.remarks.marks.length > 0);
  const Dialog = useLoaded(loadDialog, dialogFor !== null);
  usePreloaded(loadLayer, loadDialog);
  const { remarks, activeId } = board;
  const openHighlights = useCallback((id: string) => {
    setDialogFor(id);
    setDialogOpen(true);
  }, []);
  const view = useMemo<RemarksView>(
    () => ({ remarks, tags: issueTags, act, openHighlights }),
    [remarks, issueTags, act, openHighlights],
  );

  useEffect(() => {
    if (isCommenting) comment.current?.focus();
  }, [isCommenting]);

  const card = () => (activeId === null ? null : findResponse(root.current, activeId));
  const toggleHighlighting = () => {
    setHighlighting(!isHighlighting);
    say(isHighlighting ? t('cardsCanDraggedAgain') : t('selectTextResponseMark'));
  };
  const openComment = () => {
    setCommenting(true);
    comment.current?.focus();
    say(t('said.commentOpened'));
  };
  const run = (command: RemarkCommand) => {
    if (command === 'marking') return toggleHighlighting();
    if (command === 'comment') return openComment();
    if (activeId === null) return;
    const menu = command === 'tag' ? card()?.querySelector<HTMLElement>('[data-card-tags] button') : null;
    // As its own key opens it: after a click without a pointer the menu would wait for transitions before it takes the
    // focus.
    if (menu) menu.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    else openHighlights(activeId);
  };

  const parts: ReactNode = (
    <>
      <CommentField
        fieldRef={comment}
        open={isCommenting}
        onOpen={openComment}
        onLeave={() => {
          setCommenting(false);
          card()?.focus();
        }}
      />
      {Layer ? <Layer root={root} texts={texts} /> : null}
      {Dialog && dialogFor !== null && texts.has(dialogFor) ? (
        <Dialog
          response={{ id: dialogFor, name: responseName(board, dialogFor, t), shown: texts.get(dialogFor)! }}
          isOpen={isDialogOpen}
          onOpenChange={setDialogOpen}
        />
      ) : null}
    </>
  );
  const toggle = (
    <IconButton label={t('selectTextMark')} size="sm" aria-pressed={isHighlighting} onClick={toggleHighlighting}>
      <Highlighter aria-hidden="true" className="size-4" />
    </IconButton>
  );
  return { view, run, parts, toggle, marking: isHighlighting || undefined };
}

/** Whether text on the board was ever selected. */
function useHasSelected(root: RefObject<HTMLElement | null>): boolean {
  const [selected, setSelected] = useState(false);
  useEffect(() => {
    if (selected) return;
    const look = () => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && root.current?.contains(selection.anchorNode)) setSelected(true);
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [root, selected]);
  return selected;
}
