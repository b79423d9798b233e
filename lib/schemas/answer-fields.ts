/** Schemas that the answers of many routes share. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';

/** An ISO 8601 time. */
export const timeSchema = z.iso.datetime();

/** Every route's answer when it refuses or fails; the message is in the language of the request. */
export const errorAnswerSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    key: z.string(),
    message: z.string(),
    /** For programs: which fields are invalid, or the current state. */
    details: z.unknown().optional(),
  }),
});

/** The same to a program that asks with an API key: problem details, RFC 9457. */
export const problemSchema = z.strictObject({
  type: z.string(),
  /** In the language of Accept-Language. */
  title: z.string(),
  status: z.int(),
  code: z.string(),
  /** The same in every language. */
  key: z.string(),
  /** For programs: which fields are invalid, or the current state. */
  details: z.unknown().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
export const PROBLEM_TYPE = 'application/problem+json';

export const shareSchema = z.number().min(0).max(1);
