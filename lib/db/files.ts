/**
 * Files that are too large for the database, in DATA_DIR/files, named by their SHA-256. A file is complete and on disk
 * before its name exists: it is written under a temporary name, synced and renamed, and then its folder is synced.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDir } from './client';
import { syncPath } from './sync-path';

export class FileTooLargeError extends Error {}

const TEMPORARY_PREFIX = '.partial-';
const folder = () => join(/*turbopackIgnore: true*/ dataDir(), 'files');
export const storedFilePath = (sha256: string) => join(/*turbopackIgnore: true*/ folder(), sha256);

export interface WrittenFile {
  sha256: string;
  bytes: number;
  /** Moves the bytes to their final name. */
  commit(): Promise<void>;
  /** Deletes the temporary file; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Writes the bytes to a temporary file and syncs it; nothing is stored until `commit`.
 * @throws FileTooLargeError past the limit; the temporary file is deleted then, and also when the source fails
 */
export async function writeTemporaryFile(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenFile> {
  await mkdir(folder(), { recursive: true });
  const temporaryPath = join(folder(), `${TEMPORARY_PREFIX}${randomUUID()}`);
  const hash = createHash('sha256');
  let bytes = 0;
  const discard = () => unlink(temporaryPath).catch(() => {});
  try {
    const file = await open(temporaryPath, 'wx', 0o600);
    try {
      for await (const chunk of source) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new FileTooLargeError(`more than ${maxBytes} bytes`);
        hash.update(chunk);
        for (let written = 0; written < chunk.byteLength; ) {
          written += (await file.write(chunk, written)).bytesWritten;
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  const sha256 = hash.digest('hex');
  return { sha256, bytes, commit: () => moveToStore(temporaryPath, sha256), discard };
}

/** The file at `path` must be complete and synced. */
export async function moveToStore(path: string, sha256: string): Promise<void> {
  await mkdir(folder(), { recursive: true });
  await rename(path, storedFilePath(sha256));
  await syncPath(folder());
}

/**
 * Deletes temporary files that a killed server left behind. Files younger than the limit may belong to another server.
 */
export async function sweepTemporaryFiles(minAgeMs = 0): Promise<void> {
  const names = await readdir(folder()).catch((): string[] => []);
  for (const name of names.filter((entry) => entry.startsWith(TEMPORARY_PREFIX))) {
    const path = join(folder(), name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs >= minAgeMs) await unlink(path).catch(() => undefined);
  }
}

export async function removeStoredFile(sha256: string): Promise<void> {
  await unlink(storedFilePath(sha256)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** The size in bytes; null when there is no such file. */
export async function fileSize(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
}

/** Size in bytes and the content as a stream; null when there is no such file. */
export async function openFile(path: string): Promise<{ bytes: number; stream: AsyncIterable<Uint8Array> } | null> {
  try {
    const { size } = await stat(path);
    return { bytes: size, stream: read(path) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Opens the file when the first chunk is requested, so that a response nobody reads keeps no file open. */
async function* read(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

/** The first bytes of a file: enough for a header. */
export async function readStart(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

let queueTail: Promise<unknown> = Promise.resolve();

/**
 * Runs one task at a time. Committing a file together with the row that refers to it must not interleave with deleting
 * files that no row refers to any more.
 */
export function withFileStoreLock<T>(work: () => Promise<T>): Promise<T> {
  const result = queueTail.then(work, work);
  queueTail = result.catch(() => {});
  return result;
}
