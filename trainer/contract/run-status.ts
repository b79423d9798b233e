/** The status of a run, and its transitions. */

/** How a run can end. */
export const runEnds = ['finished', 'stopped', 'failed'] as const;
export type RunEnd = (typeof runEnds)[number];

export const runStatuses = ['created', 'running', ...runEnds] as const;
export type StoredRunStatus = (typeof runStatuses)[number];

/** The status that is displayed: 'interrupted' is a running run whose worker is gone, and is never stored. */
export type RunStatus = StoredRunStatus | 'interrupted';

/** An update of the status by the worker of a run, or by whoever stops it; every report counts as 'running'. */
export type RunUpdate = 'running' | RunEnd;

/** The status after each update; an update without an entry is refused. Updates are idempotent. */
export const runTransitions = {
  created: { running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed' },
  running: { running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed' },
  // Stopped from elsewhere before the worker knew: it stays stopped although the worker reports that it finished.
  stopped: { finished: 'stopped', stopped: 'stopped', failed: 'failed' },
  finished: { finished: 'finished' },
  failed: { failed: 'failed' },
} as const satisfies Record<StoredRunStatus, Partial<Record<RunUpdate, StoredRunStatus>>>;

/** The status after an update; null where the update is not allowed. */
export function statusAfter(status: StoredRunStatus, update: RunUpdate): StoredRunStatus | null {
  const row: Partial<Record<RunUpdate, StoredRunStatus>> = runTransitions[status];
  return row[update] ?? null;
}

/** Whether a worker may still upload files: a run that was stopped from elsewhere keeps the weights trained so far. */
export const acceptsFiles = (status: StoredRunStatus): boolean => statusAfter(status, 'stopped') !== null;

/** Whether a run has ended and may have trained weights, those of its last step or of an earlier one. */
export const hasTrainedWeights = (status: RunStatus): boolean => status === 'finished' || status === 'stopped';

/** A running run without a report for this long has lost its worker: the tab was closed or the machine slept. */
export const INTERRUPTED_AFTER_MS = 60_000;

/** `lastReportAt`: when the worker last reported; null before the first report. */
export function displayedRunStatus(status: StoredRunStatus, lastReportAt: Date | null, now = Date.now()): RunStatus {
  return status === 'running' && lastReportAt !== null && now - lastReportAt.getTime() > INTERRUPTED_AFTER_MS
    ? statusWithoutWorker(status)
    : status;
}

/** The displayed status of a run whose worker is known to be gone. */
export const statusWithoutWorker = (status: RunStatus): RunStatus => (status === 'running' ? 'interrupted' : status);
