import { fileKind } from '@/trainer/data/file-kind';

/** A file to import: its bytes, or where it lies on the disk. */
export type ImportFile = Uint8Array | { path: string; bytes: number };

/** Files up to this size are read on the server's thread, which takes a few milliseconds. */
export const SMALL_BYTES = 128 * 1024;

/** However few bytes it has, it may hold many. */
export const isPacked = (file: Uint8Array) => ['gzip', 'zip', 'parquet'].includes(fileKind(file).is);
