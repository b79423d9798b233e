import { type ResourceLimits, Worker } from 'node:worker_threads';
import { threadFile } from '@/lib/db/installation';

/** One question after the other to a worker thread. */
export interface Thread<Question> {
  /** @throws what the thread threw, or that it ended */
  ask(question: Question): Promise<unknown>;
  end(): Promise<void>;
}

interface Waiting {
  done(answer: unknown): void;
  fail(error: Error): void;
}

/** @param name one of `threads` in cli/build.mjs */
export function startThread<Question>(
  name: string,
  workerData: unknown,
  resourceLimits?: ResourceLimits,
): Thread<Question> {
  const worker = new Worker(/*turbopackIgnore: true*/ threadFile(name), {
    workerData,
    ...(resourceLimits && { resourceLimits }),
  });
  // Not a race between an answer and one promise of the end: that promise would keep all answers for as long as it is open.
  const waiting: Waiting[] = [];
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    for (const one of waiting.splice(0)) one.fail(ended);
  };
  // Listens from the start: a worker that fails while nobody listens would end the server.
  worker.once('error', end);
  worker.once('exit', (code) => end(new Error(`The thread ${name} ended with code ${code}.`)));
  worker.on('message', (answer) => waiting.shift()?.done(answer));
  return {
    ask: (question) =>
      new Promise((done, fail) => {
        if (ended) return fail(ended);
        waiting.push({ done, fail });
        worker.postMessage(question);
      }),
    async end() {
      await worker.terminate();
    },
  };
}
