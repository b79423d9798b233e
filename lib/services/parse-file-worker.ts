/**
 * The thread that parses one large file; cli/build.mjs bundles it. It sends its result in slices, one per request, so
 * that deserialising the result never blocks the server's thread for long.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import { fileParsers, type ParserName } from './file-parsers';

const SLICE = 200;
const { reading, file, mapping } = workerData as { reading: ParserName; file: Uint8Array; mapping?: ColumnMapping };
const { items, rest } = await fileParsers[reading](file, mapping);
let next = 0;

parentPort!.on('message', () => {
  parentPort!.postMessage(items.slice(next, next + SLICE));
  next += SLICE;
});
parentPort!.postMessage({ rest, count: items.length });
