/**
 * What the page and the training worker say to each other. Bytes travel by transfer, never by copy.
 */

import type { Message } from '@/trainer/contract/message';
import type { RunEvaluation, RunMetric, RunPhase, RunScore } from '@/trainer/contract/run-event';
import type { TrainConfig } from '@/trainer/contract/train-config';
import type { Failure } from './failure';

/** One file of a model folder or a checkpoint. */
export interface RunFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Page to worker. Addresses are paths on this server, which the worker reads with the session's cookie. */
export type WorkerRequest =
  | {
      readonly type: 'start';
      readonly snapshotUrl: string;
      /** Of the model's manifest; its files lie below. */
      readonly modelUrl: string;
      /** The last uploaded checkpoint of an interrupted run, or null to begin at step 0. */
      readonly checkpointUrl: string | null;
      readonly config: TrainConfig;
      /** What a GPU is taken to have. */
      readonly gpuBytes: number;
    }
  /** Between two steps; what was learnt is kept. */
  | { readonly type: 'stop' }
  /** Leaves out the scores after training. */
  | { readonly type: 'skip-scores' };

/** Worker to page. */
export type WorkerEvent =
  /** `done` of `total` in this phase; total 0 while unknown. */
  | { readonly type: 'phase'; readonly phase: RunPhase; readonly done: number; readonly total: number }
  /** `name` is 'wasm' or 'webgpu', `description` says more to people. */
  | { readonly type: 'backend'; readonly name: string; readonly description: string }
  /** How many parameters this run changes. */
  | { readonly type: 'trains'; readonly parameters: number }
  /** What the reader should know about this run's data. */
  | { readonly type: 'note'; readonly note: Message }
  /** `tokens` went through the model in this step, null when the trainer does not say. */
  | {
      readonly type: 'metric';
      readonly metric: RunMetric;
      readonly totalSteps: number;
      readonly tokens: number | null;
    }
  | { readonly type: 'scores'; readonly stage: 'before' | 'after'; readonly scores: readonly RunScore[] }
  | { readonly type: 'checkpoint'; readonly step: number; readonly file: RunFile }
  | { readonly type: 'weights'; readonly files: readonly RunFile[] }
  | { readonly type: 'done'; readonly status: 'finished' | 'stopped'; readonly evaluation: RunEvaluation | null }
  | { readonly type: 'error'; readonly failure: Failure };

/** The one file that holds all of a checkpoint, so that an upload cut short leaves the one before. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
