/**
 * A prompt and a response have two ids each: the database's, a UUID, and the external one from a file, which snapshots,
 * scores and exports use. Both are strings; these types keep one from being used for the other. A string from outside
 * may become either at the boundary.
 */
import './without-compiling';
import * as z from 'zod';

type Id<Of extends string> = string & { readonly idOf?: Of };

export type PromptId = Id<'prompt'>;
export type ExternalPromptId = Id<'prompt in a file'>;
export type ResponseId = Id<'response'>;
export type ExternalResponseId = Id<'response in a file'>;

/** Most characters (UTF-16 code units) of an external id that the app stores: of an imported record or of a score. */
export const MAX_ID_LENGTH = 200;

export const externalPromptIdSchema: z.ZodType<ExternalPromptId, string> = z.string().min(1);
export const externalResponseIdSchema: z.ZodType<ExternalResponseId, string> = z.string().min(1);
export const storedExternalPromptIdSchema: z.ZodType<ExternalPromptId, string> = z.string().min(1).max(MAX_ID_LENGTH);
export const storedExternalResponseIdSchema: z.ZodType<ExternalResponseId, string> = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH);
export const promptIdSchema: z.ZodType<PromptId, string> = z.uuid();
export const responseIdSchema: z.ZodType<ResponseId, string> = z.uuid();
