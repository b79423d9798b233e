/** Shelves in a folder of their own, a file each, so that what is on them takes no memory. */
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shelf, Shelves } from '@/lib/formats/shelves';
import { type ByteSource, openFile } from './byte-source';
import type { ByteStream } from './byte-stream';
import type { Scratch } from './reading';

const BUFFERED_CHARS = 32 * 1024;
/** Of what is gathered, on one shelf; unpacked it may be more. */
const SHELF_BYTES = 4 * 1024 * 1024;
const MOST_SHELVES = 128;

export interface DiskShelves extends Shelves, Scratch {
  /** Deletes the folder. */
  clear(): void;
}

/** @param bytes of the file that is read */
export function diskShelves(folder: string, bytes: number): DiskShelves {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const opened = new Set<{ close(): void }>();
  let files = 0;
  const nextPath = () => join(/*turbopackIgnore: true*/ folder, String(files++));
  return {
    count: Math.min(MOST_SHELVES, Math.max(1, Math.ceil(bytes / SHELF_BYTES))),
    shelf<T>() {
      const shelf = new DiskShelf<T>(nextPath());
      opened.add(shelf);
      return shelf;
    },
    async keep(stream): Promise<ByteSource> {
      const path = nextPath();
      await write(path, stream);
      const file = await openFile(path);
      opened.add({ close: () => void file.close() });
      return file;
    },
    clear() {
      for (const one of opened) one.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function write(path: string, stream: ByteStream): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of stream) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

class DiskShelf<T> implements Shelf<T> {
  private descriptor: number | null = null;
  private lines: string[] = [];
  private size = 0;

  constructor(private readonly path: string) {}

  put(item: T): void {
    const line = `${JSON.stringify(item)}\n`;
    this.lines.push(line);
    this.size += line.length;
    if (this.size >= BUFFERED_CHARS) this.flush();
  }

  async *all(): AsyncGenerator<T> {
    this.flush();
    if (this.descriptor === null) return;
    this.close();
    for await (const line of textLines(createReadStream(this.path, { highWaterMark: 64 * 1024 }))) {
      yield JSON.parse(line) as T;
    }
    unlinkSync(this.path);
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  private flush(): void {
    if (this.lines.length === 0) return;
    this.descriptor ??= openSync(this.path, 'a', 0o600);
    const bytes = Buffer.from(this.lines.join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    this.lines = [];
    this.size = 0;
  }
}

/** Lines that end with LF alone, as they were written. */
async function* textLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes =
      rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
      yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
  }
}
