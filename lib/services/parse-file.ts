import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { fileParsers, type ParsedFile, type ParserName } from './file-parsers';

/** Files up to this size are parsed on the server's thread, which takes a few milliseconds. */
const SMALL_BYTES = 128 * 1024;

/** Parses a file without blocking the event loop. It never throws because of the file's content. */
export async function parseFile<R extends ParserName>(reading: R, file: Uint8Array): Promise<ParsedFile<R>> {
  if (file.length <= SMALL_BYTES) return fileParsers[reading](file) as ParsedFile<R>;
  const path = join(
    /*turbopackIgnore: true*/ process.env.RESCUE_ROOT ?? process.cwd(),
    'dist',
    'cli',
    'parse-file-worker.mjs',
  );
  const worker = new Worker(/*turbopackIgnore: true*/ path, { workerData: { reading, file } });
  try {
    // A worker that fails emits 'error', which once() throws.
    const [{ rest, count }] = (await once(worker, 'message')) as [{ rest: unknown; count: number }];
    const items: unknown[] = [];
    while (items.length < count) {
      worker.postMessage('next');
      const [slice] = (await once(worker, 'message')) as [unknown[]];
      for (const item of slice) items.push(item);
      await nextTurn();
    }
    return { items, rest } as ParsedFile<R>;
  } finally {
    await worker.terminate();
  }
}
