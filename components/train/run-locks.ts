/**
 * Which runs this browser trains. A tab holds a Web Lock for as long as its worker lives, and the browser frees it with
 * the tab, however that ends; a note in local storage says that the run was this browser's at all. So a run with a note
 * and without a lock has lost its worker, which is known at once and not only when the server has waited long enough.
 */
const NOTES_KEY = 'rescue-runs-here';
/** Older notes go: runs that lost their worker and were never taken up again. */
const MAX_REMEMBERED_RUNS = 50;

const lockName = (runId: string) => `rescue-run-${runId}`;

/**
 * Holds the browser-wide lock of a run (which also keeps the browser from freezing this tab). Null when another tab
 * holds it. Without the Locks API (plain http on another address) there is nothing to hold.
 */
export async function lockRun(runId: string): Promise<(() => void) | null> {
  const locks = navigator.locks;
  if (locks === undefined) return () => {};
  return new Promise((resolve, reject) => {
    locks
      .request(lockName(runId), { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return;
        }
        writeRememberedRuns([runId, ...readRememberedRuns().filter((id) => id !== runId)]);
        return new Promise<void>((release) => {
          resolve(() => {
            writeRememberedRuns(readRememberedRuns().filter((id) => id !== runId));
            release();
          });
        });
      })
      .catch(reject);
  });
}

/** Ids of the runs that a tab of this browser trained and whose tab is gone. */
export async function listAbandonedRuns(): Promise<readonly string[]> {
  const remembered = readRememberedRuns();
  if (remembered.length === 0 || navigator.locks === undefined) return [];
  const { held: heldLocks = [] } = await navigator.locks.query();
  const names = new Set(heldLocks.map(({ name }) => name));
  return remembered.filter((runId) => !names.has(lockName(runId)));
}

function readRememberedRuns(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(NOTES_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function writeRememberedRuns(runIds: readonly string[]): void {
  try {
    localStorage.setItem(NOTES_KEY, JSON.stringify(runIds.slice(0, MAX_REMEMBERED_RUNS)));
  } catch {
    // Storage is blocked: the server notices a lost worker by its silence.
  }
}
