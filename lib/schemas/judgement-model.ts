import '@/trainer/contract/without-compiling';
import * as z from 'zod';

const probabilities = z.array(z.number());
const confusion = z.array(probabilities);

/** How a project's people judge, as it is stored: see lib/ranking/posterior/judgement-model.ts. */
export const judgementModelSchema = z.object({
  tierCount: z.int(),
  shares: probabilities,
  placedShare: z.number(),
  pool: confusion,
  annotators: z.record(z.string(), confusion),
});
