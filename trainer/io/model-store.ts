/** Stores downloaded files: on disk in Node (disk-store.ts), or in a browser (opfs-store.ts). */
export interface ModelStore {
  /**
   * Reads a complete file. Paths are relative, with "/" between parts. Undefined while the file is incomplete or
   * absent.
   */
  read(path: string): Promise<Uint8Array | undefined>;
  has(path: string): Promise<boolean>;
  /** Writes a small file, completely or not at all. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Size and tag of an incomplete file; null: none. */
  part(path: string): Promise<{ readonly size: number; readonly tag: string } | null>;
  /** Starts a file anew, or appends to its part. The file is complete after `finish`; until then it can be resumed. */
  openPart(path: string, options: { readonly tag: string; readonly append: boolean }): Promise<PartWriter>;
}

export interface PartWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Turns the part into the complete file. */
  finish(): Promise<void>;
  /** Keeps it as a part. Has no effect after `finish`. */
  close(): Promise<void>;
}
