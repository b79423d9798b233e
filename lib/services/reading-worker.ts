/**
 * The thread that reads one large file; cli/build.mjs bundles it. It hands over its result when it is asked for the next
 * slice, so that taking it over never holds the server's thread for long either.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Reading, readings } from './readings';

const SLICE = 200;
const { reading, file } = workerData as { reading: Reading; file: Uint8Array };
const { items, rest } = readings[reading](file);
let next = 0;

parentPort!.on('message', () => {
  parentPort!.postMessage(items.slice(next, next + SLICE));
  next += SLICE;
});
parentPort!.postMessage({ rest, count: items.length });
