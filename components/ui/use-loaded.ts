'use client';

import { useEffect, useState } from 'react';

/** Imports a part of the app; a function at module level, since it is also the cache key. */
export type Load<T> = () => Promise<T>;

const loaded = new Map<Load<unknown>, unknown>();

async function fetchPart<T>(load: Load<T>): Promise<T> {
  const part = await load();
  loaded.set(load, part);
  return part;
}

/**
 * A part of the app that is fetched when first `wanted`; null until then. After a failure (no connection) it stays null
 * and the next request tries again; the page works without it.
 */
export function useLoaded<T>(load: Load<T>, wanted: boolean): T | null {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!wanted || loaded.has(load)) return;
    let listening = true;
    fetchPart(load).then(
      () => {
        if (listening) setTick((tick) => tick + 1);
      },
      () => undefined,
    );
    return () => {
      listening = false;
    };
  }, [load, wanted]);
  return wanted ? ((loaded.get(load) as T | undefined) ?? null) : null;
}

const requested = new Set<Load<unknown>>();

/** Whether a part is loaded. */
export const isLoaded = (load: Load<unknown>): boolean => loaded.has(load);

/** Runs a task when the page is idle, well after the first paint. @returns a function that cancels it */
export function whenIdle(run: () => void): () => void {
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 8000 });
    else setTimeout(run, 3000);
  }, 2000);
  return () => clearTimeout(timer);
}

/** Fetches parts when the page is idle, so that they are available when needed, also offline. */
export function usePreloaded(...loads: readonly Load<unknown>[]): void {
  useEffect(() => {
    const fresh = loads.filter((load) => !requested.has(load));
    if (fresh.length === 0) return;
    for (const load of fresh) requested.add(load);
    whenIdle(() => {
      for (const load of fresh) fetchPart(load).catch(() => requested.delete(load));
    });
  });
}
