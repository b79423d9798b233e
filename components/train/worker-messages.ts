/**
 * What the page and the training worker say to each other. Bytes travel by transfer, never by copy.
 */

import type { RunEvent } from '@/trainer/contract/run-event';
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

/** Worker to page: what happens in the run, the files that the server shall keep, and why it failed. */
export type WorkerEvent =
  | RunEvent
  | { readonly type: 'file'; readonly file: RunFile }
  | { readonly type: 'error'; readonly failure: Failure };

/** The one file that holds all of a checkpoint, so that an upload cut short leaves the one before. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
