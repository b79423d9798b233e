/**
 * Starts a worker thread, in Node or a browser, from source text, since a bundle need not contain a file of its own for
 * it.
 */

export interface SpawnedWorker {
  /** Resolves with the first message of the worker; rejects when it ends before that. */
  readonly ready: Promise<void>;
  terminate(): void;
}

/**
 * `onEnd` receives the reason when the worker ends, for whatever cause. The source finds `setup` and `post` declared.
 */
export function spawnWorker(source: string, setup: unknown, onEnd: (reason: string) => void): SpawnedWorker {
  // Through `process`, so that bundles for browsers never refer to a Node module.
  const node = globalThis.process?.getBuiltinModule?.('worker_threads');
  return node ? spawnInNode(node.Worker, source, setup, onEnd) : spawnInBrowser(source, setup, onEnd);
}

function spawnInNode(
  NodeWorker: typeof import('node:worker_threads').Worker,
  source: string,
  setup: unknown,
  onEnd: (reason: string) => void,
): SpawnedWorker {
  const prelude = `const { workerData: setup, parentPort } = require('worker_threads');
    const post = (value) => parentPort.postMessage(value);`;
  const worker = new NodeWorker(`${prelude}\n${source}`, { eval: true, execArgv: [], workerData: setup });
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => {
      // From here on, the worker does not keep the process alive.
      worker.unref();
      resolve();
    });
    const end = (reason: string) => {
      reject(new Error(reason));
      onEnd(reason);
    };
    worker.on('error', (error) => end(error.message));
    worker.on('exit', (code) => end(`it ended with code ${code}`));
  });
  return { ready, terminate: () => void worker.terminate() };
}

function spawnInBrowser(source: string, setup: unknown, onEnd: (reason: string) => void): SpawnedWorker {
  const prelude = `const post = (value) => postMessage(value);\nonmessage = ({ data: setup }) => {`;
  const url = URL.createObjectURL(new Blob([`${prelude}\n${source}\n};`], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) => {
      const reason = event.message || 'it could not be started';
      reject(new Error(reason));
      onEnd(reason);
    };
  });
  worker.postMessage(setup);
  const forget = () => URL.revokeObjectURL(url);
  ready.then(forget, forget);
  return { ready, terminate: () => worker.terminate() };
}
