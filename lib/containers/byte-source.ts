/** Bytes of which any part can be read: a file in memory, or one on a disk that is never there whole. */
import { open } from 'node:fs/promises';
import type { ByteStream } from './byte-stream';

export interface ByteSource {
  readonly size: number;
  /** The bytes in [start, end), as far as there are any. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface OpenSource extends ByteSource {
  close(): Promise<void>;
}

export const sourceOf = (bytes: Uint8Array): OpenSource => ({
  size: bytes.length,
  // Parts of a Buffer share its memory, which readers must be able to keep.
  read: async (start, end) => new Uint8Array(bytes.subarray(start, end)),
  close: async () => undefined,
});

/** A file of the disk, open until `close`. */
export async function openFile(path: string): Promise<OpenSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    size,
    async read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      let there = 0;
      while (there < bytes.length) {
        const { bytesRead } = await file.read(bytes, there, bytes.length - there, start + there);
        if (bytesRead === 0) break;
        there += bytesRead;
      }
      return there === bytes.length ? bytes : bytes.slice(0, there);
    },
    close: () => file.close(),
  };
}

const CHUNK = 64 * 1024;

export async function* streamOf(source: ByteSource, from = 0, to = source.size): ByteStream {
  for (let start = from; start < to; start += CHUNK) yield await source.read(start, Math.min(to, start + CHUNK));
}
