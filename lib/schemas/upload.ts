/** Large files in pieces: a connection that breaks costs what was on its way, and nothing else. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { MAX_MODEL_FILE_BYTES } from './model';
import { importLimits } from './prompt-import';

/** What a project takes: an import file or a snapshot. */
export const startUploadSchema = z.strictObject({
  /** How its sender knows the file again: name and time of change, say. */
  name: z.string().min(1).max(600),
  bytes: z.int().min(0).max(Math.max(importLimits.fileBytes, importLimits.snapshotBytes)),
});
export type StartUpload = z.infer<typeof startUploadSchema>;

/** Where to go on. */
export const uploadStateSchema = z.strictObject({
  id: z.uuid(),
  bytes: z.int().min(0),
  /** Bytes that are there: the next one to send. */
  offset: z.int().min(0),
  /** In hex, once all of it is there and has the hash that its sender said. */
  sha256: z.string().nullable(),
});
export type UploadState = z.infer<typeof uploadStateSchema>;

/** A route that takes a file takes it as its body, or as an upload that is complete: this header names it. */
export const UPLOAD_HEADER = 'x-upload';
export const OFFSET_HEADER = 'upload-offset';
export const HASH_HEADER = 'x-sha256';

export const offsetSchema = z.coerce.number().pipe(z.int().min(0).max(MAX_MODEL_FILE_BYTES));
