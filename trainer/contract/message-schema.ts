/** Validates a message that comes from a browser, to be stored. */
import './without-compiling';
import * as z from 'zod';
import type { Message, MessageValue } from './message';

const MAX_DEPTH = 5;
const value = (depth: number): z.ZodType<MessageValue> =>
  depth === 0 ? textOrNumber : z.union([textOrNumber, z.lazy(() => ofDepth(depth))]);
const textOrNumber = z.union([z.string().max(2000), z.number()]);
const ofDepth = (depth: number): z.ZodType<Message> =>
  z.strictObject({
    key: z.string().regex(/^[a-zA-Z]+(\.[a-zA-Z_]+)+$/),
    values: z.record(z.string().max(40), value(depth - 1)).optional(),
  });

export const messageSchema = ofDepth(MAX_DEPTH);
