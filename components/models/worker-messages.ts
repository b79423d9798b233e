import type { Failure } from '@/components/train/failure';

/** The messages between the page and the worker that inspects models. */
export interface PickedFile {
  readonly name: string;
  readonly file: File;
}

export type ModelRequest =
  /** Checks files of a folder on this computer. */
  | { readonly type: 'check'; readonly files: readonly PickedFile[] }
  /**
   * Checks a model on the hub and downloads it into the browser's storage. Terminating the worker keeps what was
   * downloaded.
   */
  | { readonly type: 'download'; readonly address: string };

export interface InspectedModel {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly parameters: number;
  /** The model's address on the hub, pinned to a commit; null for a folder. */
  readonly address: string | null;
  /** config.json of a model on the hub. */
  readonly config: Record<string, unknown> | null;
}

export type ModelAnswer =
  | { readonly type: 'found'; readonly model: InspectedModel }
  | { readonly type: 'progress'; readonly received: number }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly failure: Failure };
