/** What answers of many routes are made of. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';

/** A moment as JSON has it. */
export const timeSchema = z.iso.datetime();

/** Of every route where it refuses or fails; the message is in the language of the request. */
export const errorAnswerSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    key: z.string(),
    message: z.string(),
    /** For programs: which fields are wrong, or what is there instead. */
    details: z.unknown().optional(),
  }),
});

export const shareSchema = z.number().min(0).max(1);
