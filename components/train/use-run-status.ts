'use client';

import { useEffect, useState } from 'react';
import { type RunStatus, statusWithoutWorker } from '@/trainer/contract/run-status';
import { listAbandonedRuns } from './run-locks';

const POLL_EVERY_MS = 1000;

/**
 * A run's status as this browser knows it: 'interrupted' as soon as the tab that trained it is gone, while the server
 * still waits for the next report.
 */
export function useRunStatus(): (run: { id: string; status: RunStatus }) => RunStatus {
  const [abandonedRuns, setLost] = useState<readonly string[]>([]);
  useEffect(() => {
    let alive = true;
    const poll = async () => {
      const found = await listAbandonedRuns();
      if (alive) setLost((before) => (before.join() === found.join() ? before : found));
    };
    void poll();
    const timer = setInterval(() => void poll(), POLL_EVERY_MS);
    return () => {
      alive = false;
      clearInterval(timer);
    };
  }, []);
  return ({ id, status }) => (abandonedRuns.includes(id) ? statusWithoutWorker(status) : status);
}
