'use client';

import { useEffect, useState } from 'react';
import { type RunStatus, withoutWorker } from '@/trainer/contract/run-status';
import { runsWithoutTheirTab } from './run-locks';

const LOOK_EVERY_MS = 1000;

/**
 * A run's status as this browser knows it: 'interrupted' as soon as the tab that trained it is gone, while the server
 * still waits for its next report.
 */
export function useRunStatus(): (run: { id: string; status: RunStatus }) => RunStatus {
  const [lost, setLost] = useState<readonly string[]>([]);
  useEffect(() => {
    let alive = true;
    const look = async () => {
      const found = await runsWithoutTheirTab();
      if (alive) setLost((before) => (before.join() === found.join() ? before : found));
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      alive = false;
      clearInterval(timer);
    };
  }, []);
  return ({ id, status }) => (lost.includes(id) ? withoutWorker(status) : status);
}
