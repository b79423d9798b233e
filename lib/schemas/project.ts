import * as z from 'zod';
import { MAX_TIERS } from './annotation';

export const defaultTiers = ['Excellent', 'Good', 'Weak', 'Unacceptable'];

export const tierNamesSchema = z
  .array(z.string().trim().min(1, 'must not be empty').max(60))
  .min(2, 'must hold at least two tiers')
  .max(MAX_TIERS, `must hold at most ${MAX_TIERS} tiers`)
  .refine((names) => new Set(names).size === names.length, 'must not name a tier twice');

export const createProjectRequestSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(200),
  description: z.string().trim().max(2000).default(''),
  tiers: tierNamesSchema.default(defaultTiers),
});
export type CreateProjectRequest = z.infer<typeof createProjectRequestSchema>;

export const updateProjectRequestSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(200).optional(),
  description: z.string().trim().max(2000).optional(),
  guidelines: z.string().max(50_000).optional(),
});
export type UpdateProjectRequest = z.infer<typeof updateProjectRequestSchema>;
