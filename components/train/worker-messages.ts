/**
 * The messages between the page and the training worker. Bytes are transferred, never copied.
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
      /** The address of the model's manifest; its files are below it. */
      readonly modelUrl: string;
      /** The last uploaded checkpoint of an interrupted run, or null to begin at step 0. */
      readonly checkpointUrl: string | null;
      readonly config: TrainConfig;
      /** The GPU memory that is assumed. */
      readonly gpuBytes: number;
    }
  /** Stops between two steps; the trained weights are stored. */
  | { readonly type: 'stop' }
  /** Skips scoring after training. */
  | { readonly type: 'skip-scores' };

/** Worker to page: the events of the run, the files to store on the server, and why it failed. */
export type WorkerEvent =
  | RunEvent
  | { readonly type: 'file'; readonly file: RunFile }
  | { readonly type: 'error'; readonly failure: Failure };

/** A checkpoint is one file, so that an interrupted upload leaves the previous one intact. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
