'use client';

import { useCallback, useEffect, useRef } from 'react';
import { MAX_TIME_ON_TASK_MS } from '@/lib/schemas/time-on-task';
import { ActiveTime } from './active-time';

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'scroll', 'touchmove'] as const;

const interruptions = new Set<object>();
const onInterruption = new Set<() => void>();

/** While `on`, something else than the task has to be read: nobody's time on task runs. */
export function useInterruption(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const own = {};
    interruptions.add(own);
    for (const look of onInterruption) look();
    return () => {
      interruptions.delete(own);
      for (const look of onInterruption) look();
    };
  }, [on]);
}

/** Measures the time somebody works on what is mounted, without idle time; answers a reader of the ms. */
export function useTimeOnTask(startMs: number): () => number {
  const time = useRef<ActiveTime>(null);
  time.current ??= new ActiveTime(startMs);

  useEffect(() => {
    const look = () => {
      const inSight = document.visibilityState === 'visible' && interruptions.size === 0;
      time.current?.[inSight ? 'show' : 'hide'](performance.now());
    };
    const sign = () => time.current?.sign(performance.now());
    const anywhere = { capture: true, passive: true };
    look();
    document.addEventListener('visibilitychange', look);
    onInterruption.add(look);
    for (const name of signs) window.addEventListener(name, sign, anywhere);
    return () => {
      time.current?.hide(performance.now());
      document.removeEventListener('visibilitychange', look);
      onInterruption.delete(look);
      for (const name of signs) window.removeEventListener(name, sign, anywhere);
    };
  }, []);

  return useCallback(() => Math.min(MAX_TIME_ON_TASK_MS, Math.round(time.current?.read(performance.now()) ?? 0)), []);
}
