'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, api } from '@/components/ui/api';
import { retryDelayMs } from '@/components/ui/retry-policy';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import { getRecord, putRecord } from '../outbox/browser-database';
import { isOpen, nextRequest } from '../queue/queue-plan';

type Progress = TaskPage['progress'];
/** What a page that opens without a server works through. */
type CachedQueue = { key: string; tasks: Task[]; progress: Progress };

/** How the prompt on screen was left; 'again': it was judged on this page before, and counted then. */
export type Left = 'judged' | 'again' | 'skipped';

export type TaskQueue = {
  current: Task | null;
  next: Task | null;
  /** done counts what the server knew at the last look plus what was submitted since. */
  progress: Progress | null;
  status: 'loading' | 'ready' | 'finished' | 'error';
  error: ApiError | null;
  retry: () => void;
  /** Takes the current prompt off; the next one is there at once. */
  advance: (left: Left) => void;
  /** Puts a prompt that was taken off in front again. What was done stays counted. */
  goBack: (task: Task) => void;
};

/**
 * The prompts this annotator has still to judge; many are fetched ahead, so that work goes on without a network.
 * `unsent` tells the prompts whose annotation waits in the outbox: for the server they are still open, for the
 * person they are done. After each one `acknowledged` the end of the queue is looked at again: responses may have been
 * added to a prompt while it was judged.
 */
export function useTaskQueue(
  userId: string,
  projectId: string,
  unsent: () => readonly string[],
  acknowledged: number,
): TaskQueue {
  const [tasks, setTasks] = useState<Task[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  /** What `acknowledged` was when the server had no more. */
  const [exhausted, setExhausted] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const submitted = useRef(new Map<string, ReadonlySet<string> | null>());
  const fetching = useRef(false);
  /** Requests in a row that failed. */
  const failures = useRef(0);
  const lifetime = useRef(new AbortController());
  const cacheKey = `queue:${userId}:${projectId}`;

  useEffect(() => {
    const controller = new AbortController();
    lifetime.current = controller;
    return () => {
      controller.abort();
      fetching.current = false;
    };
  }, []);

  const take = useCallback((fresh: readonly Task[]) => {
    setTasks((known) => {
      const held = new Set(known.map((task) => task.promptId));
      return [...known, ...fresh.filter((task) => !held.has(task.promptId))];
    });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks for the same fetch again
  useEffect(() => {
    if (exhausted === acknowledged || fetching.current) return;
    const ids = tasks.map((task) => task.promptId);
    const waiting = unsent();
    const request = nextRequest(ids, waiting);
    if (!request) return;
    const { signal } = lifetime.current;
    fetching.current = true;
    const before = submitted.current.size;
    const query = new URLSearchParams({ count: String(request.count) });
    if (request.exclude.length > 0) query.set('exclude', request.exclude.join(','));
    api<TaskPage>(`/projects/${projectId}/tasks/next?${query}`, { signal })
      .then((page) => {
        // First, because the state below lets the next look start.
        fetching.current = false;
        failures.current = 0;
        setError(null);
        // What was submitted while this request was under way comes on top of what the server counted.
        const since = submitted.current.size - before;
        setProgress((known) => ({
          total: page.progress.total,
          done: Math.min(page.progress.total, Math.max(page.progress.done + since, known?.done ?? 0)),
        }));
        const held = new Set([...ids, ...waiting, ...unsent()]);
        const fresh = page.tasks.filter((task) => !held.has(task.promptId) && isOpen(task, submitted.current));
        setExhausted(fresh.length === 0 ? acknowledged : null);
        for (const { promptId } of fresh) submitted.current.delete(promptId);
        take(fresh);
        const ahead = [...tasks, ...fresh];
        void putRecord<CachedQueue>('cache', { key: cacheKey, tasks: ahead, progress: page.progress }).catch(
          () => undefined,
        );
      })
      .catch(async (cause: unknown) => {
        if (signal.aborted) return;
        const failure =
          cause instanceof ApiError ? cause : new ApiError(0, 'unexplained', 'The prompts could not be loaded.');
        if (failure.status === 0 && ids.length === 0) {
          const cached = await getRecord<CachedQueue>('cache', cacheKey).catch(() => undefined);
          if (cached && !signal.aborted) {
            const held = new Set(unsent());
            take(cached.tasks.filter((task) => !held.has(task.promptId) && isOpen(task, submitted.current)));
            setProgress((known) => known ?? cached.progress);
          }
        }
        failures.current += 1;
        setError(failure);
      })
      .finally(() => {
        if (!signal.aborted) fetching.current = false;
      });
  }, [projectId, cacheKey, tasks, exhausted, acknowledged, attempt, take]);

  const retry = useCallback(() => {
    setError(null);
    setAttempt((value) => value + 1);
  }, []);

  useEffect(() => {
    if (!error) return;
    window.addEventListener('online', retry);
    const timer = setTimeout(retry, retryDelayMs(failures.current));
    return () => {
      window.removeEventListener('online', retry);
      clearTimeout(timer);
    };
  }, [error, retry]);

  const advance = useCallback(
    (left: Left) => {
      const current = tasks[0];
      if (!current) return;
      const seen = left === 'skipped' ? null : new Set(current.responses.map(({ id }) => id));
      submitted.current.set(current.promptId, seen);
      setTasks((known) => known.slice(1));
      if (left !== 'judged') return;
      setProgress((known) => known && { ...known, done: Math.min(known.total, known.done + 1) });
    },
    [tasks],
  );
  const goBack = useCallback((task: Task) => {
    submitted.current.delete(task.promptId);
    setTasks((known) => [task, ...known.filter(({ promptId }) => promptId !== task.promptId)]);
  }, []);

  const current = tasks[0] ?? null;
  const status = current ? 'ready' : exhausted !== null ? 'finished' : error ? 'error' : 'loading';
  return { current, next: tasks[1] ?? null, progress, status, error, retry, advance, goBack };
}
