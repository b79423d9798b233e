/**
 * Tracks which runs this browser trains. A tab holds a Web Lock while its worker lives, and the browser releases it
 * however the tab ends; local storage remembers the ids of the browser's runs. A remembered run without a lock has
 * therefore lost its worker, which shows immediately instead of after the server's timeout.
 */
const NOTES_KEY = 'rescue-runs-here';
/** The oldest ids are dropped: runs that lost their worker and were never resumed. */
const MAX_REMEMBERED_RUNS = 50;

const lockName = (runId: string) => `rescue-run-${runId}`;

/**
 * Acquires the browser-wide lock of a run, which also keeps the browser from freezing this tab. Null if another tab
 * holds it. Without the Locks API (plain http on another address) there is no lock.
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
    // Storage is blocked: a lost worker is noticed only by the server's timeout.
  }
}
