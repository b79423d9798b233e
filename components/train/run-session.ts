'use client';

/**
 * The one owner of the training worker in this tab. It lives in this module, not in a component, so that moving
 * between pages neither stops nor doubles a run. One run at a time; what happened goes to the server through an
 * ordered queue, and the run has ended here only when the server has all of it.
 */
import { ApiError } from '@/components/ui/api';
import { BrowserError, MessageError } from '@/components/ui/browser-error';
import type { RunFinish, RunReport } from '@/lib/schemas/run';
import type { RunSummary } from '@/lib/schemas/run-answers';
import type { RunMetric } from '@/trainer/contract/run-event';
import type { RunEnd } from '@/trainer/contract/run-status';
import { workerFailure } from './failure';
import { gpuMemoryBytes } from './gpu-memory';
import { ReportQueue, type ReportQueueState } from './report-queue';
import {
  isRefusal,
  mergeRunRequests,
  modelUrl,
  type RunRequest,
  replacesRunRequest,
  runFileUrl,
  scoreRequests,
  sendRunRequest,
  snapshotRecordsUrl,
} from './run-api';
import { lockRun } from './run-locks';
import { type ConnectionTrouble, hasEnded, type RunAction, reduceRun, startProgress } from './run-progress';
import { currentRun, setCurrentRun } from './run-store';
import { CHECKPOINT_FILE, type WorkerEvent, type WorkerRequest } from './worker-messages';

/** Metrics are batched for this long. */
const BATCH_MS = 1000;
/** Well below the timeout after which the server treats a run as interrupted. */
const HEARTBEAT_MS = 10_000;

let session: RunSession | null = null;
/** A session is being created: a second click must not create another. */
let starting = false;

function dispatch(action: RunAction): void {
  const run = currentRun();
  if (run !== null) setCurrentRun(reduceRun(run, action));
}

/**
 * Starts the worker for a run that the server knows. `resume`: from its last uploaded checkpoint.
 * Throws a BrowserError when this tab is training already or another tab of this browser trains this run.
 */
export async function startRunSession(run: RunSummary, options: { resume: boolean }): Promise<void> {
  const before = currentRun();
  if (starting || (before !== null && !hasEnded(before))) throw new BrowserError('tabTrainsAnother');
  starting = true;
  try {
    const release = await lockRun(run.id);
    if (release === null) throw new BrowserError('trainsInAnotherTab');
    setCurrentRun(startProgress(run.id, run.projectId));
    session = new RunSession(run, options.resume, release);
  } finally {
    starting = false;
  }
}

/** Stops the run between two steps; the trained weights are stored. */
export function stopRunSession(): void {
  session?.stop();
}

/** Skips scoring after training in a stopped run. */
export function skipFinalScores(): void {
  session?.skipScores();
}

/** Retries to reach the server now. */
export function retryReports(): void {
  session?.retryNow();
}

class RunSession {
  readonly #worker: Worker;
  readonly #queue: ReportQueue<RunRequest>;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #release: () => void;
  readonly #runId: string;
  #waiting: RunMetric[] = [];
  #lastFlush = 0;
  #closing = false;

  constructor(run: RunSummary, resume: boolean, release: () => void) {
    this.#runId = run.id;
    this.#release = release;
    this.#queue = new ReportQueue<RunRequest>({
      send: (request) =>
        sendRunRequest(run.id, request, (status) => {
          // The run was stopped from another tab or browser.
          if (status === 'stopped') this.stop();
          else if (status !== 'running') this.#giveUp(new BrowserError('runEndedElsewhere'));
        }),
      merge: mergeRunRequests,
      replaces: replacesRunRequest,
      isRefusal,
      onState: (state) => this.#connectionChanged(state),
    });
    this.#worker = new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module', name: 'training' });
    this.#worker.onmessage = (message: MessageEvent<WorkerEvent>) => this.#hear(message.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#hear({ type: 'error', failure: workerFailure(event.message) });
    };
    this.#worker.onmessageerror = () => this.#hear({ type: 'error', failure: workerFailure('messageerror') });
    this.#heartbeat = setInterval(() => this.#flush(), HEARTBEAT_MS);
    window.addEventListener('beforeunload', warnOnLeaving);
    window.addEventListener('online', this.retryNow);
    this.#report([]);
    this.#post({
      type: 'start',
      snapshotUrl: snapshotRecordsUrl(run.snapshotId),
      modelUrl: modelUrl(run.modelId),
      checkpointUrl: resume ? runFileUrl(run.id, CHECKPOINT_FILE) : null,
      config: run.config,
      gpuBytes: gpuMemoryBytes(),
    });
  }

  stop(): void {
    dispatch({ type: 'stop-requested' });
    this.#post({ type: 'stop' });
  }

  skipScores(): void {
    this.#post({ type: 'skip-scores' });
  }

  readonly retryNow = (): void => this.#queue.retryNow();

  #post(request: WorkerRequest): void {
    if (!this.#closing) this.#worker.postMessage(request);
  }

  #hear(event: WorkerEvent): void {
    if (this.#closing) return;
    dispatch({ type: 'worker', event, atMs: performance.now() });
    switch (event.type) {
      case 'backend':
        this.#report([], { backend: event.description.slice(0, 200) });
        return;
      case 'trains':
        this.#report([], { trainedParameters: event.parameters });
        return;
      case 'metric':
        this.#waiting.push(event.metric);
        // Timers are throttled in hidden tabs, messages are not: so each message may trigger a due report.
        if (performance.now() - this.#lastFlush >= BATCH_MS) this.#flush();
        return;
      case 'scores':
        for (const request of scoreRequests(event.stage, event.scores)) this.#queue.push(request);
        return;
      case 'file':
        this.#flush();
        this.#queue.push({ kind: 'file', file: event.file });
        return;
      case 'done':
        void this.#close({ status: event.status, evaluation: event.evaluation });
        return;
      case 'error':
        void this.#close({
          status: 'failed',
          failure: event.failure.translatable,
          ...(event.failure.message !== null && { error: event.failure.message.slice(0, 4000) }),
        });
        return;
      case 'phase':
      case 'note':
      case 'device-lost':
      case 'memory':
      case 'checkpoint':
        return;
    }
  }

  /** Sends the pending metrics, or an empty heartbeat. */
  #flush(): void {
    const metrics = this.#waiting;
    this.#waiting = [];
    this.#lastFlush = performance.now();
    this.#report(metrics);
  }

  #report(metrics: RunMetric[], about: Pick<RunReport, 'backend' | 'trainedParameters'> = {}): void {
    const { step, totalSteps } = currentRun() ?? { step: 0, totalSteps: 0 };
    this.#queue.push({ kind: 'report', report: { status: 'running', ...about, step, totalSteps, metrics } });
  }

  #connectionChanged(state: ReportQueueState): void {
    if (state.status === 'refused') {
      this.#giveUp(state.lastError);
      return;
    }
    const trouble = state.status === 'retrying' ? troubleOf(state.lastError) : null;
    dispatch({ type: 'connection', trouble });
  }

  /** Sends the last request and ends the session when everything has arrived. */
  async #close(finish: RunFinish): Promise<void> {
    if (this.#closing) return;
    this.#flush();
    this.#closing = true;
    this.#worker.terminate();
    clearInterval(this.#heartbeat);
    this.#queue.push({ kind: 'finish', finish });
    try {
      await this.#queue.drain();
      this.#end(finish.status, finish.failure === undefined ? null : new MessageError(finish.failure, finish.error));
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Ends the run because the server refuses its reports: its results could not be stored. */
  #giveUp(error: unknown): void {
    if (this.#closing) return; // #close hears of it from drain
    this.#closing = true;
    this.#worker.terminate();
    clearInterval(this.#heartbeat);
    this.#queue.close();
    this.#refused(error);
  }

  #refused(error: unknown): void {
    const cause = error instanceof ApiError ? new BrowserError('reportRefused', { cause: error.message }) : error;
    this.#end('failed', cause);
  }

  #end(phase: RunEnd, error: unknown): void {
    window.removeEventListener('beforeunload', warnOnLeaving);
    window.removeEventListener('online', this.retryNow);
    this.#release();
    if (session === this) session = null;
    if (currentRun()?.runId === this.#runId) dispatch({ type: 'ended', phase, error });
  }
}

/** The browser asks "Leave site?": leaving would end the training. */
function warnOnLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function troubleOf(error: unknown): ConnectionTrouble {
  return error instanceof ApiError && error.status === 401 ? 'signedOut' : 'noAnswer';
}
