/** Where downloaded files are kept: a folder on disk in Node (disk-store.ts); a browser can give its own. */
export interface ModelStore {
  /** Paths are relative, with "/" between parts. Whole files only: undefined while one is still coming. */
  read(path: string): Promise<Uint8Array | undefined>;
  has(path: string): Promise<boolean>;
  /** A small file, whole or not at all. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** What has come of a file so far, and the tag under which it came; null: nothing. */
  part(path: string): Promise<{ readonly size: number; readonly tag: string } | null>;
  /** Begins a file anew, or goes on with its part. The file is whole after `finish`; before, it can be gone on with. */
  openPart(path: string, options: { readonly tag: string; readonly append: boolean }): Promise<PartWriter>;
}

export interface PartWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the part the file. */
  finish(): Promise<void>;
  /** Leaves it a part. Harmless after `finish`. */
  close(): Promise<void>;
}
