/**
 * How every list is paged: an answer's `next` is the `after` with which the list goes on; null: nothing follows. It holds
 * the place of the last row that was looked at, so rows that come or go meanwhile neither repeat a row nor hide one. What is
 * in it is the list's own business: to whoever asks it is a text to hand back.
 */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

const MAX_CURSOR = 400;

export const nextSchema = z
  .string()
  .nullable()
  .describe('The `after` with which the list goes on; null where nothing follows.');

/** @param place what a page ends with, enough to find the rows that follow */
export function cursorOf<S extends z.ZodType>(place: S) {
  return {
    after: z
      .string()
      .max(MAX_CURSOR)
      .transform((text, context) => {
        try {
          return JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/'))) as unknown;
        } catch {
          context.addIssue({ code: 'custom', message: issueKey('noCursor') });
          return z.NEVER;
        }
      })
      .pipe(place)
      .optional()
      .describe('The `next` of the page before; without it, the list begins.'),
    next: (value: z.output<S>): string =>
      btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  };
}

/** Of a list whose rows stand by the moment they were made, then by id: microseconds since 1970, as the database has them. */
export const momentSchema = z.strictObject({ micros: z.string().regex(/^\d{1,17}$/), id: z.uuid() });
export type MomentPlace = z.infer<typeof momentSchema>;
export const momentCursor = cursorOf(momentSchema);
/** The query of a list without filters that stands by that. */
export const momentQuerySchema = z.strictObject({ after: momentCursor.after });
