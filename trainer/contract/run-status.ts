/** Where a run stands, and what may follow. */

/** How a run can end. */
export const runEnds = ['finished', 'stopped', 'failed'] as const;
export type RunEnd = (typeof runEnds)[number];

export const runStatuses = ['created', 'running', ...runEnds] as const;
export type StoredRunStatus = (typeof runStatuses)[number];

/** What readers see: 'interrupted' is a running run whose worker has gone, and never stored. */
export type RunStatus = StoredRunStatus | 'interrupted';

/** What a run's worker, or whoever stops it, may say of it; 'running' is every report. */
export type RunNews = 'running' | RunEnd;

/** What a run becomes by which news; where there is nothing, the news is refused. Repeated news change nothing. */
export const runTransitions = {
  created: { running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed' },
  running: { running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed' },
  // Stopped from elsewhere, before its worker knew: what the worker then calls finished stays stopped.
  stopped: { finished: 'stopped', stopped: 'stopped', failed: 'failed' },
  finished: { finished: 'finished' },
  failed: { failed: 'failed' },
} as const satisfies Record<StoredRunStatus, Partial<Record<RunNews, StoredRunStatus>>>;

/** Null where that cannot follow. */
export function statusAfter(status: StoredRunStatus, news: RunNews): StoredRunStatus | null {
  const row: Partial<Record<RunNews, StoredRunStatus>> = runTransitions[status];
  return row[news] ?? null;
}

/** Whether a worker may still hand in files: a run that was stopped from elsewhere keeps what it has learnt. */
export const takesFiles = (status: StoredRunStatus): boolean => statusAfter(status, 'stopped') !== null;

/** Whether a run came to an end with weights that it learnt, all of them or those of its last step. */
export const endedWithWeights = (status: RunStatus): boolean => status === 'finished' || status === 'stopped';

/** A running run silent for this long has lost its worker: the tab was closed or the machine slept. */
export const INTERRUPTED_AFTER_MS = 60_000;

/** `heard`: when its worker last said something; null before it ever did. */
export function shownRunStatus(status: StoredRunStatus, heard: Date | null, now = Date.now()): RunStatus {
  return status === 'running' && heard !== null && now - heard.getTime() > INTERRUPTED_AFTER_MS
    ? withoutWorker(status)
    : status;
}

/** What a run is whose worker is known to have gone. */
export const withoutWorker = (status: RunStatus): RunStatus => (status === 'running' ? 'interrupted' : status);
