'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import type { IssueTag } from '@/lib/schemas/remarks';
import { announceRemarks } from '../remarks/board-remarks';
import type { AnnotationSession } from '../session/annotation-session';
import { hasNewContent, type OpenPrompt } from '../session/session-state';
import { announceChange, responseName } from './announcements';
import type { BoardAction, BoardState } from './board-state';
import { useTimeOnTask } from './use-time-on-task';

/** What a board needs of its session; where nothing may be flagged or skipped, it offers neither. */
export type BoardSession = Pick<AnnotationSession, 'getState' | 'act' | 'save'> &
  Partial<Pick<AnnotationSession, 'isFlagged' | 'flag' | 'skip'>>;

/** The board on screen: how it is changed and saved, and what to say about the last change. */
export function useBoard({
  session,
  open,
  tiers,
  tiersVersion,
  issueTags,
}: {
  session: BoardSession;
  open: OpenPrompt;
  tiers: readonly string[];
  tiersVersion: number;
  issueTags: readonly IssueTag[];
}) {
  const t = useTranslations('annotate');
  const [spoken, setSpoken] = useState('');
  const readTime = useTimeOnTask(open.timeOnTaskMs);
  // What is on screen, until another board is there: keys may come faster than React renders.
  const shown = useRef(open.board);
  /** The newest board, so that what is said and done never lags behind. */
  const newest = useCallback((): BoardState => {
    const now = session.getState().open;
    if (now?.id === open.id) shown.current = now.board;
    return shown.current;
  }, [session, open.id]);

  const act = useCallback(
    (action: BoardAction) => {
      const change = session.act(action, readTime());
      if (!change || !hasNewContent(change.before, change.after)) return;
      const { before, after } = change;
      const remarked = announceRemarks(before.remarks, after.remarks, issueTags, (id) => responseName(after, id, t), t);
      setSpoken([announceChange(before, after, tiers, t), remarked].filter(Boolean).join(' '));
    },
    [session, tiers, issueTags, readTime, t],
  );

  /** @param clicks how many in a row this one is; 0 for a key */
  const save = (clicks = 0) => session.save({ clicks, at: performance.now() }, readTime(), tiersVersion);

  const { question } = open;
  const notice = question && t(`obstacles.${question.obstacle}`, { count: question.untouched });
  return { newest, act, save, spoken, say: setSpoken, notice };
}
