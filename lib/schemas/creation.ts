import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';

/** The header Idempotency-Key: long enough that nobody guesses it, since answers are sealed with it. */
export const creationKeySchema = z.string().regex(/^[A-Za-z0-9_-]{16,100}$/, issueKey('creationKey'));
