/** One annotator's weak order over a prompt's responses: equal tiers are ties, and what is not placed is in no relation. */
import './without-compiling';
import * as z from 'zod';
import { responseIdSchema } from './ids';
import { MAX_TIERS } from './tier-limits';

/** One response's place: a tier, 0 = best, exactly when the annotator placed it. */
export const placementSchema = z.discriminatedUnion('state', [
  z.strictObject({
    responseId: responseIdSchema,
    state: z.literal('placed'),
    tier: z
      .int()
      .min(0)
      .max(MAX_TIERS - 1),
  }),
  z.strictObject({ responseId: responseIdSchema, state: z.literal('cannot_judge'), tier: z.null() }),
  z.strictObject({ responseId: responseIdSchema, state: z.literal('not_judged'), tier: z.null() }),
]);
export type Placement = z.infer<typeof placementSchema>;
export type PlacementState = Placement['state'];

export const judgementSchema = z.strictObject({
  /** No response is acceptable: the order still counts, but nothing here is worth imitating. */
  allBad: z.boolean(),
  placements: z.array(placementSchema).max(64),
});
export type Judgement = z.infer<typeof judgementSchema>;
