/** What a run needs of wherever it runs: a tab, a terminal, a server. */
import type { Backend } from '../backends/backend';
import type { SnapshotRecord } from '../contract/record';
import type { FileSource, NamedFile } from '../io/model-files';
import type { Model } from '../model/model';
import type { Checkpoint } from '../train/checkpoint';
import type { DeviceRoom } from '../train/forecast';

/** Hears the length of every piece that comes in. */
export type OnBytes = (count: number) => void;

/** The model that a run starts from, found, its weights not yet read. */
export interface RunModel {
  /** What an adapter says that it belongs to. */
  readonly name: string;
  readonly source: FileSource;
  /** Of all its files, for progress; 0 where that is not known. */
  readonly bytes: number;
  /** Of the weights that a training may leave as they are; null where that is not known. */
  readonly weightBytes: number | null;
  /** `frozen`: nothing will change the weights. Throws what loading a model throws; then nothing stays allocated. */
  open(backend: Backend, options: { readonly frozen: boolean }): Promise<Model>;
}

/**
 * Everything that reads is asked anew for each device, since a lost one takes all with it. What a host throws ends the
 * run with that error. A `signal` ends reading early, and its reason is then what is thrown.
 */
export interface RunHost {
  /** A new one each time. */
  openBackend(): Promise<Backend>;
  findModel(onBytes: OnBytes, signal: AbortSignal): Promise<RunModel>;
  readRecords(onBytes: OnBytes, signal: AbortSignal): Promise<readonly SnapshotRecord[]>;
  /** What this run goes on from: the last checkpoint in safety; null begins at step 0. */
  readCheckpoint(onBytes: OnBytes, signal: AbortSignal): Promise<Checkpoint | null>;
  /**
   * Puts it in safety, before the run goes on. `end`: the training is over, so that only what follows could need it, and
   * a run that was stopped.
   */
  saveCheckpoint(checkpoint: Checkpoint, end: 'finished' | 'stopped' | null): Promise<void>;
  /** The files of what was trained, the weights last. */
  saveFiles(files: readonly NamedFile[]): Promise<void>;
  /** Where there is this, a training that cannot fit is refused before any weights are read. */
  surveyDevice?(): Promise<DeviceRoom>;
  /** Ends the training between two steps; what was learnt is kept. */
  readonly stop: AbortSignal;
  /** Leaves out the scores after training. */
  readonly skipScores?: AbortSignal;
}
