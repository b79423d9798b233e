'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, api } from '@/components/ui/api';
import type { Task, TaskPage } from '@/lib/schemas/annotation';

/** How many prompts stand ready behind the one on screen. */
const AHEAD = 2;

export type TaskQueue = {
  current: Task | null;
  /** done counts what the server knew at the last look plus what was submitted since. */
  progress: { done: number; total: number } | null;
  status: 'loading' | 'ready' | 'finished' | 'error';
  error: ApiError | null;
  retry: () => void;
  /** Takes the current prompt off; the next one is there at once. A skipped one does not count as done. */
  advance: (skipped?: boolean) => void;
};

/**
 * The prompts this annotator has still to judge, a few of them fetched ahead. `unsent` are prompts whose
 * annotation waits in the outbox: for the server they are still open, for the person they are done.
 */
export function useTaskQueue(projectId: string, unsent: readonly string[]): TaskQueue {
  const [tasks, setTasks] = useState<Task[]>([]);
  const [progress, setProgress] = useState<TaskQueue['progress']>(null);
  const [exhausted, setExhausted] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const submitted = useRef(new Set<string>(unsent));
  const fetching = useRef(false);
  const lifetime = useRef(new AbortController());

  useEffect(() => {
    const controller = new AbortController();
    lifetime.current = controller;
    return () => {
      controller.abort();
      fetching.current = false;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks for the same fetch again
  useEffect(() => {
    if (exhausted || fetching.current || tasks.length > AHEAD) return;
    const { signal } = lifetime.current;
    fetching.current = true;
    const exclude = [...new Set([...tasks.map((task) => task.promptId), ...submitted.current])].slice(-100);
    const before = submitted.current.size;
    const query = new URLSearchParams({ count: String(AHEAD + 1 - tasks.length) });
    if (exclude.length > 0) query.set('exclude', exclude.join(','));
    api<TaskPage>(`/projects/${projectId}/tasks/next?${query}`, { signal })
      .then((page) => {
        // First, because the state below lets the next look start.
        fetching.current = false;
        setError(null);
        // What was submitted while this request was under way comes on top of what the server counted.
        const since = submitted.current.size - before;
        setProgress((known) => ({
          total: page.progress.total,
          done: Math.min(page.progress.total, Math.max(page.progress.done + since, known?.done ?? 0)),
        }));
        const fresh = page.tasks.filter((task) => !submitted.current.has(task.promptId));
        if (fresh.length === 0) setExhausted(true);
        setTasks((known) => [...known, ...fresh.filter((task) => !known.some((k) => k.promptId === task.promptId))]);
      })
      .catch((cause: unknown) => {
        if (signal.aborted) return;
        setError(cause instanceof ApiError ? cause : new ApiError(0, 'unknown', 'The prompts could not be loaded.'));
      })
      .finally(() => {
        if (!signal.aborted) fetching.current = false;
      });
  }, [projectId, tasks, exhausted, attempt]);

  const advance = useCallback(
    (skipped = false) => {
      const current = tasks[0];
      if (!current) return;
      submitted.current.add(current.promptId);
      setTasks((known) => known.slice(1));
      if (skipped) return;
      setProgress((known) => known && { ...known, done: Math.min(known.total, known.done + 1) });
    },
    [tasks],
  );

  const retry = useCallback(() => {
    setError(null);
    setAttempt((value) => value + 1);
  }, []);

  const current = tasks[0] ?? null;
  const status = current ? 'ready' : error ? 'error' : exhausted ? 'finished' : 'loading';
  return { current, progress, status, error, retry, advance };
}
