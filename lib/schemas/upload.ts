/** Resumable uploads: when a connection breaks, only the bytes in flight have to be sent again. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { MAX_MODEL_FILE_BYTES } from './model';
import { importLimits } from './prompt-import';

/** Starts the upload of a file for a project: an import file or a snapshot. */
export const startUploadSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(600)
    .describe('By which the file is recognised when you go on, such as its name and modification time.'),
  bytes: z.int().min(0).max(Math.max(importLimits.fileBytes, importLimits.snapshotBytes)),
});
export type StartUpload = z.infer<typeof startUploadSchema>;

/** The state of an upload, from which it can be resumed. */
export const uploadStateSchema = z.strictObject({
  id: z.uuid(),
  bytes: z.int().min(0),
  offset: z.int().min(0).describe('How many bytes have arrived, which is where the next piece belongs.'),
  sha256: z.string().nullable().describe('In hex, once the upload is complete and compared; else null.'),
});
export type UploadState = z.infer<typeof uploadStateSchema>;

/** A route that takes a file takes it as its body, or as the complete upload that this header names. */
export const UPLOAD_HEADER = 'x-upload';
export const OFFSET_HEADER = 'upload-offset';
export const HASH_HEADER = 'x-sha256';

export const offsetSchema = z.coerce.number().pipe(z.int().min(0).max(MAX_MODEL_FILE_BYTES));
