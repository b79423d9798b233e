import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

/** The header Idempotency-Key. It must be hard to guess, since stored answers are encrypted with it. */
export const creationKeySchema = z.string().regex(/^[A-Za-z0-9_-]{16,100}$/, issueKey('creationKey'));
