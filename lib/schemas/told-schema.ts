/** What was told in a browser, to be stored. */
import './without-compiling';
import * as z from 'zod';
import type { Told, ToldValue } from './told';

const DEEPEST = 5;
const value = (depth: number): z.ZodType<ToldValue> =>
  depth === 0 ? textOrNumber : z.union([textOrNumber, z.lazy(() => ofDepth(depth))]);
const textOrNumber = z.union([z.string().max(2000), z.number()]);
const ofDepth = (depth: number): z.ZodType<Told> =>
  z.strictObject({
    key: z.string().regex(/^[a-zA-Z]+(\.[a-zA-Z_]+)+$/),
    values: z.record(z.string().max(40), value(depth - 1)).optional(),
  });

export const toldSchema = ofDepth(DEEPEST);
