/**
 * Files that are uploaded in chunks, in DATA_DIR/uploads, named by the id of their upload. A file's size is the offset
 * at which its upload resumes, since a broken connection leaves the bytes that arrived.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, stat, statfs, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDir } from './client';
import { FileTooLargeError, fileSize, moveToStore, type WrittenFile } from './files';

const folder = () => join(/*turbopackIgnore: true*/ dataDir(), 'uploads');
export const partialFilePath = (id: string) => join(/*turbopackIgnore: true*/ folder(), id);

export class OffsetMismatchError extends Error {
  constructor(readonly offset: number) {
    super(`The next byte is ${offset}.`);
  }
}

/** The size in bytes; 0 before the first chunk has arrived. */
export async function partialFileSize(id: string): Promise<number> {
  return (await fileSize(partialFilePath(id))) ?? 0;
}

interface Writer {
  stopped: boolean;
  /** Wakes it from waiting for the next piece. */
  wake(): void;
  ended: Promise<void>;
}
const writers = new Map<string, Writer>();

function stopWriter(id: string): Promise<void> {
  const writer = writers.get(id);
  if (!writer) return Promise.resolve();
  writer.stopped = true;
  writer.wake();
  return writer.ended;
}

/**
 * Appends the source's bytes, and keeps them even when the source fails midway. There is one writer at a time; a later
 * one takes over, since an earlier one may hang on a connection that broke unnoticed.
 * @returns the new size in bytes
 * @throws OffsetMismatchError when the file does not end at `offset`; FileTooLargeError past `maxBytes`
 */
export async function appendToPartialFile(
  id: string,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<number> {
  while (writers.has(id)) await stopWriter(id);
  let end = () => {};
  const ended = new Promise<void>((done) => {
    end = done;
  });
  const writer: Writer = { stopped: false, wake: () => undefined, ended };
  writers.set(id, writer);
  try {
    return await append(writer, partialFilePath(id), offset, source, maxBytes);
  } finally {
    writers.delete(id);
    end();
  }
}

async function append(
  writer: Writer,
  path: string,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<number> {
  await mkdir(folder(), { recursive: true });
  const file = await open(path, 'a', 0o600);
  try {
    let { size } = await file.stat();
    if (size !== offset) throw new OffsetMismatchError(size);
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await nextChunk(chunks, writer);
      if (next === null) throw new OffsetMismatchError(size);
      if (next.done) return size;
      if (size + next.value.byteLength > maxBytes) throw new FileTooLargeError(`more than ${maxBytes} bytes`);
      for (let written = 0; written < next.value.byteLength; ) {
        written += (await file.write(next.value, written)).bytesWritten;
      }
      size += next.value.byteLength;
    }
  } catch (error) {
    // The bytes that filled the disk are released at once, since others need the space too.
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') await truncate(path, offset);
    throw error;
  } finally {
    await file.close();
  }
}

/** Null when another writer takes over. */
function nextChunk(chunks: AsyncIterator<Uint8Array>, writer: Writer): Promise<IteratorResult<Uint8Array> | null> {
  if (writer.stopped) return Promise.resolve(null);
  return new Promise((done, fail) => {
    writer.wake = () => done(null);
    chunks.next().then(done, fail);
  });
}

/** Syncs the file. @returns the SHA-256 in hex of its bytes so far */
export async function hashPartialFile(id: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(partialFilePath(id), 'r');
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** A complete upload in the form that the file store takes. */
export function completedPartialFile(id: string, { bytes, sha256 }: { bytes: number; sha256: string }): WrittenFile {
  return { bytes, sha256, commit: () => moveToStore(partialFilePath(id), sha256), discard: async () => undefined };
}

export async function deletePartialFile(id: string): Promise<void> {
  await stopWriter(id);
  await unlink(partialFilePath(id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Deletes files that belong to no upload any more. @returns how many there were */
export async function sweepOrphanedPartialFiles(known: ReadonlySet<string>): Promise<number> {
  const names = await readdir(folder()).catch((): string[] => []);
  const orphans = names.filter((name) => !known.has(name));
  for (const name of orphans) await deletePartialFile(name);
  return orphans.length;
}

/** The free space in bytes on the disk of the uploads. */
export async function freeBytes(): Promise<number> {
  await mkdir(folder(), { recursive: true });
  const { bavail, bsize } = await statfs(folder());
  return bavail * bsize;
}

export async function readPartialFile(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await stat(partialFilePath(id));
  const bytes = new Uint8Array(size);
  const file = await open(partialFilePath(id), 'r');
  try {
    for (let offset = 0; offset < size; ) {
      const { bytesRead } = await file.read(bytes, offset, size - offset, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
