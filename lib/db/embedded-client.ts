/**
 * The embedded database's client on the server's thread: the part of PGlite's API that drizzle uses, executed by
 * embedded-worker.ts. The database has a single connection, so statements and transactions are queued, first in, first
 * out; a transaction occupies the queue from its begin to its end.
 */
import { Worker } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { type EmbeddedAnswer, type EmbeddedRequest, unpackError } from './embedded-protocol';
import { threadFile } from './installation';

interface QueryResult {
  rows: unknown[];
  affectedRows?: number;
  fields: { name: string; dataTypeID: number }[];
}
type Query = (text: string, params?: unknown[], options?: { rowMode?: 'array' | 'object' }) => Promise<QueryResult>;
type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never;

export interface EmbeddedClient {
  query: Query;
  /** Several statements without parameters. */
  exec(text: string): Promise<void>;
  transaction<T>(body: (transaction: { query: Query }) => Promise<T>): Promise<T>;
  /**
   * Runs `task` after a checkpoint, when every committed change is in the folder's files, and holds all queries until
   * `task` has ended.
   */
  whilePaused<T>(task: () => Promise<T>): Promise<T>;
  /** For how many milliseconds nothing has been asked or answered; 0 while something is. */
  quietFor(): number;
  close(): Promise<void>;
}

/** Drizzle uses no more of PGlite than an `EmbeddedClient` has. */
export const asPGlite = (client: EmbeddedClient) => client as unknown as PGlite;

/** @throws what `openEmbedded` throws, in the other thread. */
export async function openEmbeddedClient(folder: string): Promise<EmbeddedClient> {
  const worker = new Worker(/*turbopackIgnore: true*/ threadFile('embedded-worker'), { workerData: { folder } });
  const pendingRequests = new Map<number, { done: (result: unknown) => void; fail: (error: Error) => void }>();
  let ended: Error | null = null;
  const opened = new Promise<void>((done, fail) => {
    const end = (error: Error) => {
      ended ??= error;
      fail(ended);
      for (const request of pendingRequests.values()) request.fail(ended);
      pendingRequests.clear();
    };
    worker.on('error', (error) => end(new Error('The embedded database broke.', { cause: error })));
    worker.on('exit', () => end(new Error('The embedded database is closed.')));
    worker.on('message', (answer: EmbeddedAnswer) => {
      if ('opened' in answer) {
        if (answer.opened) done();
        else fail(unpackError(answer.error));
        return;
      }
      const request = pendingRequests.get(answer.id);
      pendingRequests.delete(answer.id);
      if ('error' in answer) request?.fail(unpackError(answer.error));
      else request?.done(answer.result);
    });
  });
  try {
    await opened;
  } catch (error) {
    await worker.terminate();
    throw error;
  }

  let lastId = 0;
  const sendRequest = (request: Unnumbered<EmbeddedRequest>): Promise<unknown> =>
    new Promise((done, fail) => {
      if (ended) return fail(ended);
      const id = ++lastId;
      pendingRequests.set(id, { done, fail });
      worker.postMessage({ ...request, id });
    });
  const query: Query = (text, params = [], { rowMode = 'object' } = {}) =>
    sendRequest({ type: 'query', text, params, rowMode }) as Promise<QueryResult>;
  const exec = async (text: string) => void (await sendRequest({ type: 'exec', text }));

  let queueTail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let quietSince = performance.now();
  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    queued++;
    const outcome = queueTail.then(task);
    queueTail = outcome
      .catch(() => undefined)
      .then(() => {
        queued--;
        quietSince = performance.now();
      });
    return outcome;
  }

  return {
    query: (...request) => enqueue(() => query(...request)),
    exec: (text) => enqueue(() => exec(text)),
    transaction: (body) =>
      enqueue(async () => {
        await exec('begin');
        try {
          const result = await body({ query });
          await exec('commit');
          return result;
        } catch (error) {
          // If even this fails, the worker has ended, and everything uncommitted with it.
          await exec('rollback').catch(() => undefined);
          throw error;
        }
      }),
    quietFor: () => (queued > 0 ? 0 : performance.now() - quietSince),
    whilePaused: (task) =>
      enqueue(async () => {
        await exec('checkpoint');
        return task();
      }),
    close: () =>
      enqueue(async () => {
        const gone = new Promise((done) => worker.once('exit', done));
        await sendRequest({ type: 'close' });
        await gone;
      }),
  };
}
