/** Tokens of links that work once. */
import { createHash, randomBytes } from 'node:crypto';

export const createToken = (): string => randomBytes(32).toString('base64url');

/** The hash that is stored instead of the token, so that nobody who reads the database can use its links. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
