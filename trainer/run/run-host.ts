/** What a run needs of its environment: a tab, a terminal, a server. */
import type { Backend } from '../backends/backend';
import type { SnapshotRecord } from '../contract/record';
import type { FileSource, NamedFile } from '../io/model-files';
import type { Model } from '../model/model';
import type { Checkpoint } from '../train/checkpoint';
import type { DeviceMemory } from '../train/forecast';

/** Called with the length, in bytes, of every chunk that arrives. */
export type OnBytes = (count: number) => void;

/** The model that a run starts from, before its weights are read. */
export interface RunModel {
  /** The name by which an adapter refers to its base model. */
  readonly name: string;
  readonly source: FileSource;
  /** Size of all its files, for progress; 0 where unknown. */
  readonly bytes: number;
  /** Size of the weights' files; null where unknown, or where the weights are not used as they are. */
  readonly weightBytes: number | null;
  /**
   * Loads the model. `frozen`: its weights will not change. Throws what loading a model throws; then nothing stays
   * allocated.
   */
  open(backend: Backend, options: { readonly frozen: boolean }): Promise<Model>;
}

/**
 * Everything that reads is called again for each device, since a lost device loses all its tensors. An error of a host
 * ends the run with that error. An aborted `signal` ends reading early and throws its reason.
 */
export interface RunHost {
  /** Opens a new backend on each call. */
  openBackend(): Promise<Backend>;
  findModel(onBytes: OnBytes, signal: AbortSignal): Promise<RunModel>;
  readRecords(onBytes: OnBytes, signal: AbortSignal): Promise<readonly SnapshotRecord[]>;
  /** The checkpoint to resume from, the last one that was saved; null: begin at step 0. */
  readCheckpoint(onBytes: OnBytes, signal: AbortSignal): Promise<Checkpoint | null>;
  /**
   * Stores a checkpoint before the run continues. `end`: how the training ended, or null while it goes on; the
   * checkpoint is then only needed for what follows, or to resume a stopped run.
   */
  saveCheckpoint(checkpoint: Checkpoint, end: 'finished' | 'stopped' | null): Promise<void>;
  /** Stores the files of the trained model or adapter, in order; the weights come last. */
  saveFiles(files: readonly NamedFile[]): Promise<void>;
  /** If present, a training that cannot fit this memory is refused before any weights are read. */
  surveyDevice?(): Promise<DeviceMemory>;
  /** Ends the training between two micro-batches; the weights trained so far are saved. */
  readonly stop: AbortSignal;
  /** Skips the scores after training. */
  readonly skipScores?: AbortSignal;
}
