import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadFile } from '@/lib/db/installation';

/** One question after the other to a worker thread. */
export interface Thread<Question> {
  /** @throws what the thread threw, or that it ended */
  ask(question: Question): Promise<unknown>;
  end(): Promise<void>;
}

/** @param name one of `threads` in cli/build.mjs */
export function startThread<Question>(name: string, workerData: unknown): Thread<Question> {
  const worker = new Worker(/*turbopackIgnore: true*/ threadFile(name), { workerData });
  // Listens from the start: a worker that fails while nobody listens would end the server.
  const ended = new Promise<never>((_, fail) => {
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`The thread ${name} ended with code ${code}.`)));
  });
  ended.catch(() => undefined);
  return {
    async ask(question) {
      worker.postMessage(question);
      const [answer] = await Promise.race([once(worker, 'message'), ended]);
      return answer;
    },
    async end() {
      await worker.terminate();
    },
  };
}
