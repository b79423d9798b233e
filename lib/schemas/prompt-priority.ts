/** Changing the priority of prompts after their import. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { prioritySchema } from './prompt-import';
import { promptFilterSchema } from './prompt-list';

/** Of one prompt, or of all that a filter lets through. */
export const setPrioritySchema = z.union([
  z.strictObject({ priority: prioritySchema, promptId: promptIdSchema }),
  z.strictObject({ priority: prioritySchema, filter: promptFilterSchema }),
]);
export type SetPriority = z.infer<typeof setPrioritySchema>;

/** How many prompts have the priority now that had another one. */
export const prioritizedSchema = z.strictObject({ changed: countSchema });
export type Prioritized = z.infer<typeof prioritizedSchema>;
