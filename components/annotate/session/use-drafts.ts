'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Task } from '@/lib/schemas/annotation';
import { chooseDraft, type DraftChoice, DraftKeeper, type DraftState } from '../outbox/draft-keeper';
import { contentOf, type DraftStart, forgetDraft, keepDraft, loadDraft, sendDraft, startOf } from './draft-store';

export type Drafts = {
  /** false until this browser was asked for the current prompt's draft. */
  ready: boolean;
  /** What the person had begun on the version in force, here or at another machine. */
  start: DraftStart | null;
  /** What was begun on an older version: to be offered. */
  stale: DraftStart | null;
  state: DraftState;
  /** The board changed. Returns at once. */
  onDraft: (draft: DraftStart) => void;
  /** The work on the current prompt is in the outbox as soon as `stored` settles. */
  handOver: (stored: Promise<unknown>) => void;
  /** The current prompt's annotation became this version while it was on the board. */
  rebase: (version: number) => void;
};

type Open = { promptId: string; keeper: DraftKeeper };

/** Drafts of the prompt on screen; the one that comes next is looked up ahead. */
export function useDrafts(userId: string, projectId: string, task: Task | null, next: Task | null): Drafts {
  const [choices, setChoices] = useState<ReadonlyMap<string, DraftChoice>>(new Map());
  const [state, setState] = useState<{ promptId: string; state: DraftState } | null>(null);
  const asked = useRef(new Set<string>());
  const open = useRef<Open | null>(null);

  useEffect(() => {
    for (const wanted of [task, next]) {
      if (!wanted || asked.current.has(wanted.promptId)) continue;
      asked.current.add(wanted.promptId);
      void loadDraft(userId, wanted.promptId).then((local) => {
        const choice = chooseDraft(wanted.annotation?.version ?? 0, local, wanted.draft ?? null);
        setChoices((known) => new Map(known).set(wanted.promptId, choice));
      });
    }
  }, [userId, task, next]);

  useEffect(() => {
    const online = () => open.current?.keeper.flush();
    const hidden = () => {
      if (document.visibilityState === 'hidden') open.current?.keeper.flush(true);
    };
    window.addEventListener('online', online);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('online', online);
      document.removeEventListener('visibilitychange', hidden);
      open.current?.keeper.leave();
      open.current = null;
    };
  }, []);

  const keeperOf = useCallback(
    (current: Task, choice: DraftChoice): DraftKeeper => {
      const { promptId } = current;
      if (open.current?.promptId === promptId) return open.current.keeper;
      open.current?.keeper.leave();
      const keeper = new DraftKeeper({
        baseVersion: current.annotation?.version ?? 0,
        sequence: choice.sequence,
        keep: (draft) => keepDraft(userId, promptId, draft),
        forget: () => forgetDraft(userId, promptId),
        send: (draft, leaving) => sendDraft(userId, projectId, promptId, draft, leaving),
        schedule: (run, ms) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        onState: (kept) => setState({ promptId, state: kept }),
      });
      open.current = { promptId, keeper };
      return keeper;
    },
    [userId, projectId],
  );

  const choice = task ? choices.get(task.promptId) : undefined;
  const onDraft = useCallback(
    (draft: DraftStart) => {
      if (task && choice) keeperOf(task, choice).change(contentOf(draft));
    },
    [task, choice, keeperOf],
  );
  const handOver = useCallback(
    (stored: Promise<unknown>) => {
      if (!task || !choice) return;
      void keeperOf(task, choice).stop(stored);
      open.current = null;
      const left = { start: null, stale: null, sequence: choice.sequence };
      setChoices((known) => new Map(known).set(task.promptId, left));
    },
    [task, choice, keeperOf],
  );
  const rebase = useCallback((version: number) => open.current?.keeper.rebase(version), []);

  return {
    ready: choice !== undefined,
    start: choice?.start ? startOf(choice.start) : null,
    stale: choice?.stale ? startOf(choice.stale.content) : null,
    state: state !== null && state.promptId === task?.promptId ? state.state : 'none',
    onDraft,
    handOver,
    rebase,
  };
}
