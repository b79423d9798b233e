/** The requests of accounts, invitations, projects and members. */
import * as z from 'zod';
import { MAX_TIERS } from './annotation';
import { issueTagsSchema } from './remarks';

export const roleSchema = z.enum(['admin', 'researcher', 'annotator']);
export const projectRoleSchema = z.enum(['researcher', 'annotator']);

const personName = z.string().trim().min(1, 'needs a name').max(100);
const email = z.email('is not an e-mail address').max(254);

export const acceptInviteSchema = z.strictObject({
  name: personName,
  email: z.string().trim().toLowerCase().pipe(email),
  password: z.string().min(8, 'needs at least 8 characters').max(128, 'has more than 128 characters'),
});
export type AcceptInviteRequest = z.infer<typeof acceptInviteSchema>;

export const createInviteSchema = z.strictObject({ role: roleSchema, projectId: z.uuid().nullish() });
export type CreateInviteRequest = z.infer<typeof createInviteSchema>;

export const DEFAULT_TIERS = ['Excellent', 'Good', 'Weak', 'Bad'];

const tierNames = z
  .array(z.string().trim().min(1, 'needs a name').max(40))
  .min(2, 'needs at least two tiers')
  .max(MAX_TIERS, `has more than ${MAX_TIERS} tiers`)
  .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, 'names a tier twice');

const projectName = z.string().trim().min(1, 'needs a name').max(200);

export const createProjectSchema = z.strictObject({
  name: projectName,
  description: z.string().trim().max(5_000).optional(),
  guidelines: z.string().max(50_000).optional(),
  /** Best first. */
  tiers: tierNames.optional(),
});
export type CreateProjectRequest = z.infer<typeof createProjectSchema>;

/** Tiers stay as they are: annotations refer to them by number. */
export const updateProjectSchema = z.strictObject({
  name: projectName.optional(),
  description: z.string().trim().max(5_000).optional(),
  guidelines: z.string().max(50_000).optional(),
  /** All that are offered; those left out are retired. */
  issueTags: issueTagsSchema.optional(),
  goldWarmUp: z.int().min(0).max(100).optional(),
  hideSelfNames: z.boolean().optional(),
  goldEvery: z.int().min(0).max(1000).optional(),
});
export type UpdateProjectRequest = z.infer<typeof updateProjectSchema>;

export const putMemberSchema = z
  .strictObject({
    email: z.string().trim().toLowerCase().pipe(email).optional(),
    userId: z.string().min(1).optional(),
    role: projectRoleSchema,
  })
  .refine(
    (value) => (value.email === undefined) !== (value.userId === undefined),
    'Name the person by email or userId.',
  );
export type PutMemberRequest = z.infer<typeof putMemberSchema>;

export const deleteMemberSchema = z.strictObject({ userId: z.string().min(1) });
