/**
 * What the page and the training worker say to each other. Bytes travel by transfer, never by copy.
 */
import type { RunConfig, RunEvaluation, RunMetric } from '@/lib/schemas/run';

/** One file of a model folder or checkpoint. */
export interface RunFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ResponseScore {
  readonly promptId: string;
  readonly responseId: string;
  /** Length-normalised log-probability. */
  readonly score: number;
  readonly heldOut: boolean;
}

/** Page to worker. */
export type WorkerRequest =
  | {
      readonly type: 'start';
      /** Addresses on this server that the worker reads from. */
      readonly snapshotUrl: string;
      readonly modelUrl: (typeof MODEL_FILES)[number] extends infer Name extends string ? Record<Name, string> : never;
      /** The last uploaded checkpoint of an interrupted run, or null to begin at step 0. */
      readonly checkpointUrl: string | null;
      readonly config: RunConfig;
    }
  /** Between two steps; what was learnt is kept. */
  | { readonly type: 'stop' }
  /** Leaves out the scores after training; only meaningful once stopping. */
  | { readonly type: 'skip-scores' };

/** Worker to page, in this order of phases. */
export type WorkerEvent =
  | { readonly type: 'phase'; readonly phase: WorkerPhase; readonly done: number; readonly total: number }
  | { readonly type: 'backend'; readonly name: string; readonly description: string }
  /** `tokens` were computed in this step, prompt and responses, each once. */
  | { readonly type: 'metric'; readonly metric: RunMetric; readonly totalSteps: number; readonly tokens: number }
  | { readonly type: 'scores'; readonly stage: 'before' | 'after'; readonly scores: readonly ResponseScore[] }
  | { readonly type: 'checkpoint'; readonly step: number; readonly file: RunFile }
  | { readonly type: 'weights'; readonly files: readonly RunFile[] }
  | {
      readonly type: 'done';
      readonly status: 'finished' | 'stopped';
      readonly evaluation: RunEvaluation | null;
      /** Prompts left out of training and why, in words. */
      readonly notes: readonly string[];
    }
  | { readonly type: 'error'; readonly message: string };

export type WorkerPhase = 'loading' | 'scoring-before' | 'training' | 'saving' | 'scoring-after';

/** A model folder as Hugging Face names its files. */
export const MODEL_FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'] as const;
