import './without-compiling';
import * as z from 'zod';

/** What a column of integers holds. */
export const MAX_INTEGER = 2 ** 31 - 1;

/** A count, a version, a position. */
export const countSchema = z.int().min(0).max(MAX_INTEGER);
