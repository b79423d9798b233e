import './without-compiling';
import * as z from 'zod';

/** The largest value of an integer column. */
export const MAX_INTEGER = 2 ** 31 - 1;

/** A count, a version, a position. */
export const countSchema = z.int().min(0).max(MAX_INTEGER);
