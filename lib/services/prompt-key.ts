import { createHash } from 'node:crypto';

/** By which the prompts of two snapshots are found to be the same: a hash, since an id may be longer than an index takes. */
export const promptKey = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);
