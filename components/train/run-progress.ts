/**
 * The state of a run in this tab: a pure reducer over the events of the worker and the report queue.
 */
import type { Message } from '@/trainer/contract/message';
import type { RunEvaluation, RunMetric, RunPhase } from '@/trainer/contract/run-event';
import { type RunEnd, runEnds } from '@/trainer/contract/run-status';
import { millisecondsLeft, millisecondsPerStep, noTimeLeft, observeStep, type TimeLeft } from './time-left';
import type { WorkerEvent } from './worker-messages';

export type LivePhase = 'starting' | RunPhase | 'reporting' | RunEnd;

/** A key of `train.trouble` in the messages. */
export type ConnectionTrouble = 'signedOut' | 'noAnswer';

export interface RunProgress {
  readonly runId: string;
  readonly projectId: string;
  readonly phase: LivePhase;
  /** Progress within loading and scoring; total 0 while unknown. */
  readonly done: number;
  readonly total: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly backend: { readonly name: string; readonly description: string } | null;
  /** By step, ascending, each step once. */
  readonly metrics: readonly RunMetric[];
  readonly pace: TimeLeft;
  /** Tokens per step, smoothed; null while unknown. */
  readonly tokensPerStep: number | null;
  readonly notes: readonly Message[];
  readonly stopRequested: boolean;
  /** Why reports currently fail to arrive; null while they arrive. */
  readonly connectionTrouble: ConnectionTrouble | null;
  /** Why the run failed; null if it did not. */
  readonly error: unknown;
}

export type RunAction =
  | { readonly type: 'worker'; readonly event: WorkerEvent; readonly atMs: number }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'connection'; readonly trouble: ConnectionTrouble | null }
  /** All reports have arrived at the server, or it has refused them. */
  | { readonly type: 'ended'; readonly phase: RunEnd; readonly error: unknown };

export function startProgress(runId: string, projectId: string): RunProgress {
  return {
    runId,
    projectId,
    phase: 'starting',
    done: 0,
    total: 0,
    step: 0,
    totalSteps: 0,
    backend: null,
    metrics: [],
    pace: noTimeLeft,
    tokensPerStep: null,
    notes: [],
    stopRequested: false,
    connectionTrouble: null,
    error: null,
  };
}

/** A run that has ended in this tab ignores further events. */
export function hasEnded(progress: RunProgress): boolean {
  return (runEnds as readonly LivePhase[]).includes(progress.phase);
}

export function reduceRun(progress: RunProgress, action: RunAction): RunProgress {
  if (hasEnded(progress)) return progress;
  switch (action.type) {
    case 'worker':
      return reduceWorkerEvent(progress, action.event, action.atMs);
    case 'stop-requested':
      return { ...progress, stopRequested: true };
    case 'connection':
      return progress.connectionTrouble === action.trouble
        ? progress
        : { ...progress, connectionTrouble: action.trouble };
    case 'ended':
      return { ...progress, phase: action.phase, error: action.error, connectionTrouble: null };
  }
}

function reduceWorkerEvent(progress: RunProgress, event: WorkerEvent, atMs: number): RunProgress {
  switch (event.type) {
    case 'phase': {
      // The clock starts with training, so that loading and scoring do not count as the first step.
      const begins = event.phase === 'training' && progress.phase !== 'training';
      const pace = begins ? observeStep(noTimeLeft, progress.step, atMs) : progress.pace;
      return { ...progress, phase: event.phase, done: event.done, total: event.total, pace };
    }
    case 'backend':
      return { ...progress, backend: { name: event.name, description: event.description } };
    case 'note':
    case 'device-lost':
      return { ...progress, notes: [...progress.notes, event.note] };
    case 'metric':
      return {
        ...progress,
        step: Math.max(progress.step, event.metric.step),
        totalSteps: event.totalSteps,
        metrics: withMetric(progress.metrics, event.metric),
        pace: observeStep(progress.pace, event.metric.step, atMs),
        tokensPerStep: smoothed(progress.tokensPerStep, event.tokens),
      };
    case 'done':
      return { ...progress, phase: 'reporting' };
    case 'trains':
    case 'scores':
    case 'memory':
    case 'checkpoint':
    case 'file':
    case 'error':
      return progress;
  }
}

/** Inserts by step; a step that is there already is replaced (a resumed run repeats steps). */
export function withMetric(metrics: readonly RunMetric[], metric: RunMetric): readonly RunMetric[] {
  const last = metrics.at(-1);
  if (last === undefined || last.step < metric.step) return [...metrics, metric];
  const at = metrics.findIndex(({ step }) => step >= metric.step);
  const replaced = metrics[at]!.step === metric.step ? 1 : 0;
  return [...metrics.slice(0, at), metric, ...metrics.slice(at + replaced)];
}

/** Merges the server's metrics with this tab's, which take precedence. Both are ascending by step. */
export function mergeMetrics(stored: readonly RunMetric[], live: readonly RunMetric[]): readonly RunMetric[] {
  if (live.length === 0) return stored;
  if (stored.length === 0) return live;
  const bySteps = new Map(stored.map((metric) => [metric.step, metric]));
  for (const metric of live) bySteps.set(metric.step, metric);
  return [...bySteps.values()].sort((a, b) => a.step - b.step);
}

/**
 * The curve of a finished run: the final accuracy is assigned to the last step, so that the curve and the result show
 * the same number, since a stopped run rarely stops at a step with an evaluation.
 */
export function withFinalAccuracy(
  metrics: readonly RunMetric[],
  evaluation: RunEvaluation | null,
): readonly RunMetric[] {
  const accuracy = evaluation?.heldOut.after?.accuracy ?? null;
  const last = metrics.at(-1);
  if (accuracy === null || last === undefined || last.step === 0) return metrics;
  return [...metrics.slice(0, -1), { ...last, heldOutAccuracy: accuracy }];
}

/** Milliseconds until the last step, null while unknown. */
export function trainingTimeLeft(progress: RunProgress): number | null {
  return progress.phase === 'training' ? millisecondsLeft(progress.pace, progress.totalSteps) : null;
}

/** Tokens per second, smoothed; null while unknown. */
export function tokensPerSecond(progress: RunProgress): number | null {
  const perStep = millisecondsPerStep(progress.pace);
  if (perStep === null || perStep === 0 || progress.tokensPerStep === null) return null;
  return (progress.tokensPerStep / perStep) * 1000;
}

function smoothed(before: number | null, now: number | null): number | null {
  if (now === null || before === null) return now ?? before;
  return before * 0.95 + now * 0.05;
}
