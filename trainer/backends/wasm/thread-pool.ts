/**
 * The kernels on several threads: the calling one, and workers that run the same kernel with the same arguments on the
 * same memory and each do their share (assembly/threads.ts). A call returns when all are done, as with one thread.
 */

import { message } from '../../contract/message';
import { BackendError } from '../checks';
import { argumentValues, type KernelName, type Kernels, kernelNames, kernelsFrom } from './kernel-parameters';
import { kernelWork } from './kernel-work';
import {
  compileKernels,
  type KernelBuild,
  kernelImports,
  type LoadedKernels,
  type ThreadExports,
} from './load-kernels';
import { type SpawnedWorker, spawnWorker } from './spawn-worker';

const MAX_ARGUMENTS = 16;
const END = -1;
/** Seconds that workers may take to start. */
const START_SECONDS = 30;

/**
 * The source of every worker; `setup` comes from `start`. Posts one message when it is ready, then waits for calls
 * forever.
 */
const WORKER = `
const { module, memory, thread, threads, seconds, names } = setup;
const abort = () => { throw new Error('the kernel aborted'); };
const kernels = new WebAssembly.Instance(module, { env: { abort, memory } }).exports;
kernels.setThread(thread, threads);
kernels.setTimeoutSeconds(seconds);
const values = new Float64Array(memory.buffer, kernels.argumentsStart(), ${MAX_ARGUMENTS});
function work() {
  try {
    for (let kernel = kernels.awaitCall(); kernel !== ${END}; kernel = kernels.awaitCall()) {
      kernels[names[kernel]](...values);
      kernels.finish();
    }
  } catch (error) {
    if (!kernels.claimFailure()) return;
    const text = new TextEncoder().encode(String(error.message)).subarray(0, 1000);
    new Int32Array(memory.buffer, kernels.messageStart(), 1)[0] = text.length;
    new Uint8Array(memory.buffer, kernels.messageStart() + 4).set(text);
    kernels.publishFailure();
  }
}
post('ready');
// Deferred, since the message above may need the event loop to be delivered.
setTimeout(work);`;

export interface ThreadOptions {
  /** Work, in multiply-adds, from which a call is divided among the threads. Changes no result. Default 200,000. */
  readonly shareFrom?: number;
  /** Seconds that a barrier waits for one thread before the call fails: a last resort. Default 120. */
  readonly timeoutSeconds?: number;
}

/** Kernels on `threads` >= 2 threads. Rejects where they cannot be started. */
export async function loadThreads(
  build: KernelBuild,
  threads: number,
  options: ThreadOptions = {},
): Promise<LoadedKernels> {
  const module = await compileKernels(`${build}-threads`);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  const instance = await WebAssembly.instantiate(module, kernelImports(memory));
  const pool = new ThreadPool(instance.exports as unknown as ThreadExports, memory, threads, options);
  await pool.start(module);
  return pool;
}

class ThreadPool implements LoadedKernels {
  readonly kernels: Kernels;
  readonly heapStart: number;
  private readonly timeoutSeconds: number;
  private workers: SpawnedWorker[] = [];
  private failure: Error | undefined;

  constructor(
    private readonly exports: ThreadExports,
    readonly memory: WebAssembly.Memory,
    readonly threads: number,
    { shareFrom = 200_000, timeoutSeconds = 120 }: ThreadOptions,
  ) {
    this.timeoutSeconds = timeoutSeconds;
    this.heapStart = exports.heapStart(threads);
    exports.setTimeoutSeconds(timeoutSeconds);
    const work = kernelWork(memory);
    const sharedValues = new Float64Array(memory.buffer, exports.argumentsStart(), MAX_ARGUMENTS);
    this.kernels = kernelsFrom((name, args) => {
      if (this.failure) throw this.failure;
      const values = argumentValues(name, args);
      const amount = work[name] as (named: typeof args) => number;
      const isShared = amount(args) >= shareFrom;
      exports.setThread(0, isShared ? threads : 1);
      if (!isShared) return exports[name](...values);
      sharedValues.set(values);
      return this.runOnAll(name, values);
    });
  }

  async start(module: WebAssembly.Module): Promise<void> {
    const { memory, threads, timeoutSeconds: seconds } = this;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const startTimeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`they did not answer for ${START_SECONDS} s`)), START_SECONDS * 1000);
    });
    try {
      for (let thread = 1; thread < threads; thread++) {
        const setup = { module, memory, thread, threads, seconds, names: kernelNames };
        this.workers.push(spawnWorker(WORKER, setup, (reason) => this.fail(`thread ${thread}: ${reason}`)));
      }
      await Promise.race([Promise.all(this.workers.map(({ ready }) => ready)), startTimeout]);
    } catch (error) {
      this.close();
      throw new BackendError(message('threadsNotStarted', { detail: (error as Error).message }), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.failure ??= new BackendError('this backend was disposed of');
    const workers = this.workers;
    this.workers = [];
    if (workers.length > 0) this.exports.begin(END);
    for (const worker of workers) worker.terminate();
  }

  private runOnAll(name: KernelName, values: readonly number[]): number {
    const { exports } = this;
    try {
      exports.begin(kernelNames.indexOf(name));
      const result = exports[name](...values);
      exports.awaitWorkers();
      return result;
    } catch (error) {
      // Only one thread reports its own failure; the others, perhaps this one, trapped because of it.
      if (exports.claimFailure()) {
        exports.publishFailure();
        this.fail(this.reasonOf(error as Error));
      } else this.fail(this.reasonOfWorker());
      throw this.failure;
    }
  }

  /** Why the calling thread failed. */
  private reasonOf(error: Error): string {
    return /unreachable/.test(error.message) ? `no answer for ${this.timeoutSeconds} s` : error.message;
  }

  /** The message of the worker that failed. */
  private reasonOfWorker(): string {
    try {
      this.exports.awaitFailure();
    } catch (error) {
      return this.reasonOf(error as Error);
    }
    const start = this.exports.messageStart();
    const [length] = new Int32Array(this.memory.buffer, start, 1);
    // Copied, because TextDecoder does not accept shared memory.
    return new TextDecoder().decode(new Uint8Array(this.memory.buffer, start + 4, length).slice());
  }

  /** Threads may have stopped anywhere in a kernel, so every later call fails with the same error. */
  private fail(reason: string): void {
    this.failure ??= new BackendError(message('threadFailed', { detail: reason }));
    for (const worker of this.workers.splice(0)) worker.terminate();
  }
}
