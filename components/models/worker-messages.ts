import type { Failure } from '@/components/train/failure';

/** What the page and the worker that looks at models say to each other. */
export interface PickedFile {
  readonly name: string;
  readonly file: File;
}

export type ModelRequest =
  /** Files of a folder on this computer: checked only. */
  | { readonly type: 'check'; readonly files: readonly PickedFile[] }
  /** An address on the hub: checked, then downloaded into the browser's own storage. Ending the worker keeps the part. */
  | { readonly type: 'download'; readonly address: string };

export interface FoundModel {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly parameters: number;
  /** Of the hub, pinned to its commit; null for a folder. */
  readonly address: string | null;
  /** config.json of a model on the hub. */
  readonly config: Record<string, unknown> | null;
}

export type ModelAnswer =
  | { readonly type: 'found'; readonly model: FoundModel }
  | { readonly type: 'progress'; readonly received: number }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly failure: Failure };
