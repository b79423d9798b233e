'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Task } from '@/lib/schemas/annotation';
import { remarksPart } from '@/lib/schemas/remark-rules';
import type { IssueTag } from '@/lib/schemas/remarks';
import { announceRemarks } from '../remarks/board-remarks';
import { announceChange, responseName } from './announcements';
import {
  type BoardAction,
  type BoardDraft,
  type BoardState,
  createBoard,
  reduceBoard,
  toPlacements,
  untouchedIds,
} from './board-state';
import { isNewIntention, type Judgement, type Press, saveObstacle } from './submission';
import { useTimeOnTask } from './use-time-on-task';

export type BoardStart = BoardDraft & { timeOnTaskMs: number };

/** The board of one prompt: its state, what to say about the last change, and the way out. */
export function useBoard({
  task,
  tiers,
  issueTags,
  start,
  onDraft,
  onSave,
}: {
  task: Task;
  tiers: readonly string[];
  issueTags: readonly IssueTag[];
  start: BoardStart | null;
  onDraft: (draft: BoardStart) => void;
  onSave: (judgement: Judgement) => void;
}) {
  const t = useTranslations('annotate');
  const responseIds = useMemo(() => task.responses.map((response) => response.id), [task]);
  const [board, setBoard] = useState(() => createBoard(responseIds, tiers.length, start ?? undefined));
  // The newest board, so that what is said and kept never lags behind keys that come faster than React renders.
  const newest = useRef(board);
  const [spoken, setSpoken] = useState('');
  const [notice, setNotice] = useState<string | null>(null);
  const readTime = useTimeOnTask(start?.timeOnTaskMs ?? 0);
  /** One press, one submission: set by a save, cleared by the next change. */
  const submitted = useRef(false);
  const lastPress = useRef<Press | null>(null);

  const act = useCallback(
    (action: BoardAction) => {
      const before = newest.current;
      const after = reduceBoard(before, action);
      if (after === before) return;
      newest.current = after;
      const { places, allBad, remarks } = after;
      if (places !== before.places || allBad !== before.allBad || remarks !== before.remarks) {
        submitted.current = false;
        setNotice(null);
        const remarked = announceRemarks(before.remarks, remarks, issueTags, (id) => responseName(after, id, t), t);
        setSpoken([announceChange(before, after, tiers, t), remarked].filter(Boolean).join(' '));
        onDraft({ places: { ...places }, allBad, remarks, timeOnTaskMs: readTime() });
      }
      setBoard(after);
    },
    [tiers, issueTags, onDraft, readTime, t],
  );

  /** @param clicks how many in a row this one is; 0 for a key */
  const save = (clicks = 0) => {
    if (submitted.current) return;
    const press = { clicks, at: performance.now() };
    const isEcho = !isNewIntention(press, lastPress.current);
    lastPress.current = press;
    // What was asked stays asked: only a press that is meant for the question answers it.
    if (notice !== null && isEcho) return;
    const { allBad, remarks } = newest.current;
    const untouched = untouchedIds(newest.current).length;
    const obstacle = saveObstacle(untouched, responseIds.length, allBad, notice !== null);
    if (obstacle) {
      setNotice(t(`obstacles.${obstacle}`, { count: untouched }));
      return;
    }
    submitted.current = true;
    onSave({
      allBad,
      placements: toPlacements(newest.current),
      timeOnTaskMs: readTime(),
      ...remarksPart(remarks),
    });
  };

  return { board, newest, act, save, spoken, say: setSpoken, notice };
}

/**
 * Keeps the focus on the active card. `follow()` asks for it: the card that a change leaves active takes the focus
 * after the next render, since a moved card is a new element, and as soon as the view that shows it is `ready`.
 */
export function useFollowingFocus(
  root: { current: HTMLElement | null },
  board: BoardState,
  view: unknown,
  ready: boolean,
): () => void {
  const wanted = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view shows the same card elsewhere
  useEffect(() => {
    if (!wanted.current || !ready || board.activeId === null) return;
    wanted.current = false;
    findCard(root.current, board.activeId)?.focus();
  }, [root, board, view, ready]);
  return useCallback(() => {
    wanted.current = true;
  }, []);
}

function findCard(root: HTMLElement | null, id: string): HTMLElement | null {
  const cards = root?.querySelectorAll<HTMLElement>('[data-response-card]') ?? [];
  // While two are compared the lanes are there but hidden.
  return [...cards].find((card) => card.dataset.responseCard === id && card.offsetParent !== null) ?? null;
}
