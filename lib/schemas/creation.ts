import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

export const CREATION_KEY_HEADER = 'idempotency-key';

/**
 * The header Idempotency-Key. It must be hard to guess, since stored answers are encrypted with it. The IETF's draft writes it
 * in quotes, as a structured field; most clients send it as it is.
 */
export const creationKeySchema = z
  .string()
  .regex(/^(?:[A-Za-z0-9_-]{16,100}|"[A-Za-z0-9_-]{16,100}")$/, issueKey('creationKey'))
  .transform((text) => text.replaceAll('"', ''));

/** As the API's document has it. */
export const creationHeaderSchema = z.object({
  [CREATION_KEY_HEADER]: creationKeySchema
    .optional()
    .describe(
      'Makes the request safe to repeat: for a day, the same key with the same content gets the first answer and creates nothing more. With other content it is refused (422), and while the first request is under way (409, with Retry-After). A UUID does.',
    ),
});
