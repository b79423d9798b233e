/**
 * Allows one process per data directory. Two servers on one embedded database would both acknowledge writes and leave a
 * folder that never opens again, so the lock is not optional.
 *
 * The lock is a file published by link(): it appears complete or not at all, for exactly one process. Its holder
 * touches it every two seconds. It is taken over only from a dead holder: a process of this machine, boot and pid
 * namespace that no longer exists (or whose pid now belongs to a later process), or a holder elsewhere (another
 * container, or before a reboot) whose heartbeat has not been seen for HEARTBEAT_SILENCE_MS.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, futimesSync, openSync, readFileSync, readlinkSync, statSync, unlinkSync } from 'node:fs';
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 2_000;
const HEARTBEAT_SILENCE_MS = 12_000;

/** The content of the lock file, as JSON. */
export interface LockHolder {
  pid: number;
  /** The kernel's start time of that process, so that a reused pid is not taken for the holder; null if unknown. */
  processStart: string | null;
  /** Host, boot id and pid namespace; pids can only be compared where these are equal. */
  place: string;
  /** ISO time at which the lock was taken. */
  since: string;
  nonce: string;
}

export class DataDirInUseError extends Error {
  override name = 'DataDirInUseError';
}

export interface DataDirLock {
  release(): void;
}

export interface LockOptions {
  /**
   * Called when the file turns out to belong to somebody else (say, the folder was replaced). Default: exit at once.
   */
  onLost?: () => void;
  silenceMs?: number;
}

/**
 * Takes the lock of `dataDir`, creating the directory if needed.
 * @throws DataDirInUseError naming the live holder.
 */
export async function lockDataDir(dataDir: string, options: LockOptions = {}): Promise<DataDirLock> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'lock');
  await acquire(folder, path, options.silenceMs ?? HEARTBEAT_SILENCE_MS);
  return startHeartbeat(folder, path, options.onLost ?? exitAtOnce);
}

/** The lock's nonce, which only the folder's owner can read; null when nobody holds the lock. */
export async function lockNonce(dataDir: string): Promise<string | null> {
  return (await readHolder(join(resolve(dataDir), 'lock')))?.nonce ?? null;
}

async function acquire(folder: string, path: string, silenceMs: number): Promise<void> {
  for (;;) {
    if (await createLockFile(path)) return;
    const holder = await readHolder(path);
    if (!holder) continue; // It was released since the attempt above.
    if (!(await isDead(path, holder, silenceMs))) {
      throw new DataDirInUseError(
        `Another Rescue Studio is using ${folder} (process ${holder.pid}, since ${holder.since}). ` +
          'Stop it, or start this one with a different DATA_DIR.',
      );
    }
    await removeDeadLock(folder, path, holder, silenceMs);
  }
}

/**
 * Only the holder of a guard named after the dead holder's nonce may unlink its file, so a fresh lock is never removed.
 */
async function removeDeadLock(folder: string, path: string, dead: LockHolder, silenceMs: number): Promise<void> {
  const guard = join(folder, `lock-takeover-${dead.nonce}`);
  await acquire(folder, guard, silenceMs);
  try {
    if ((await readHolder(path))?.nonce === dead.nonce) await unlink(path);
  } finally {
    await unlink(guard);
  }
}

/** @returns false when the file exists already. */
async function createLockFile(path: string): Promise<boolean> {
  const temporaryPath = `${path}.${process.pid}.${randomUUID()}`;
  const holder: LockHolder = {
    pid: process.pid,
    processStart: processStart(process.pid),
    place: processScope(),
    since: new Date().toISOString(),
    nonce: randomUUID(),
  };
  await writeFile(temporaryPath, JSON.stringify(holder), { mode: 0o600, flush: true });
  try {
    await link(temporaryPath, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporaryPath);
  }
}

async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read as a lock. If no Rescue Studio is running there, delete it.`, {
      cause: error,
    });
  }
}

async function isDead(path: string, holder: LockHolder, silenceMs: number): Promise<boolean> {
  if (holder.place === processScope()) {
    if (!processExists(holder.pid)) return true;
    const start = processStart(holder.pid);
    if (start !== null && holder.processStart !== null) return start !== holder.processStart;
  }
  // The holder's pid means nothing here, and its clock may differ, so watch for a change instead of comparing times.
  const before = await modifiedTime(path);
  const until = performance.now() + silenceMs;
  while (performance.now() < until) {
    await sleep(Math.min(500, silenceMs));
    if ((await modifiedTime(path)) !== before) return false;
  }
  return true;
}

async function modifiedTime(path: string): Promise<number | null> {
  return stat(path).then(
    (stats) => stats.mtimeMs,
    () => null,
  );
}

function startHeartbeat(folder: string, path: string, onLost: () => void): DataDirLock {
  const descriptor = openSync(path, 'r+');
  const inode = fstatSync(descriptor).ino;
  let released = false;
  const ownsLockFile = () => statSync(path, { throwIfNoEntry: false })?.ino === inode;
  const timer = setInterval(() => {
    if (!ownsLockFile()) {
      console.error(`The lock of ${folder} is gone: something removed or replaced it while this process was running.`);
      release();
      onLost();
      return;
    }
    const now = new Date();
    futimesSync(descriptor, now, now);
  }, HEARTBEAT_MS);
  timer.unref();
  function release() {
    if (released) return;
    released = true;
    clearInterval(timer);
    if (ownsLockFile()) unlinkSync(path);
    closeSync(descriptor);
  }
  return { release };
}

function exitAtOnce(): never {
  // Continuing would let two processes write to one database.
  process.exit(1);
}

/** Whether such a process exists, including processes of other users. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function processStart(pid: number): string | null {
  try {
    // Field 22 of /proc/<pid>/stat; the command in parentheses may itself hold spaces and parentheses.
    const stats = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stats.slice(stats.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    } catch {
      return null;
    }
  }
}

function processScope(): string {
  return [
    hostname(),
    readOrDash(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace(),
  ].join('|');
}

function pidNamespace(): string {
  return readOrDash(() => readlinkSync('/proc/self/ns/pid'));
}

function readOrDash(read: () => string): string {
  try {
    return read();
  } catch {
    return '-';
  }
}
