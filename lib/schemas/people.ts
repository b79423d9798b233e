/** Schemas of answers about people: the signed-in user, accounts and invitations. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { projectRoleSchema, roleSchema } from './account';
import { timeSchema } from './answer-fields';

const personFields = { id: z.string(), name: z.string(), email: z.string(), role: roleSchema };

export const meSchema = z.strictObject(personFields);
export type Me = z.infer<typeof meSchema>;

export const meAnswerSchema = z.strictObject({
  /** Null when nobody is signed in. */
  user: meSchema.nullable(),
  /** Whether nobody has an account yet, so that the first administrator has to follow the setup link. */
  needsSetup: z.boolean(),
});
export type MeAnswer = z.infer<typeof meAnswerSchema>;

/** The answer of the routes for signing in and out and for changing an account. */
export const authAnswerSchema = z.strictObject({ user: meSchema.omit({ role: true }).nullable() });
export const signedUpAnswerSchema = z.strictObject({ user: meSchema });

export const accountSchema = z.strictObject({
  ...personFields,
  createdAt: timeSchema,
  /** Null: the account is active. */
  deactivatedAt: timeSchema.nullable(),
});
export type Account = z.infer<typeof accountSchema>;
export const accountsAnswerSchema = z.strictObject({ users: z.array(accountSchema) });
export type AccountsAnswer = z.infer<typeof accountsAnswerSchema>;

/** What the holder of a link may see of the invitation. */
export const inviteSummarySchema = z.strictObject({
  role: roleSchema,
  projectName: z.string().nullable(),
  expiresAt: timeSchema,
  isSetup: z.boolean(),
});
export type InviteSummary = z.infer<typeof inviteSummarySchema>;

export const listedInviteSchema = z.strictObject({
  id: z.uuid(),
  role: roleSchema,
  projectName: z.string().nullable(),
  expiresAt: timeSchema,
  usedAt: timeSchema.nullable(),
  createdAt: timeSchema,
});
export type ListedInvite = z.infer<typeof listedInviteSchema>;
export const invitesAnswerSchema = z.strictObject({ invites: z.array(listedInviteSchema) });
export type InvitesAnswer = z.infer<typeof invitesAnswerSchema>;

/** A link is shown once, since only its hash is stored. */
export const oneTimeLinkSchema = z.strictObject({ url: z.url(), expiresAt: timeSchema });
export type OneTimeLink = z.infer<typeof oneTimeLinkSchema>;

/** What the holder of a link for a new password may see. */
export const resetSummarySchema = z.strictObject({ name: z.string(), email: z.string(), expiresAt: timeSchema });
export type ResetSummary = z.infer<typeof resetSummarySchema>;

export const resetPasswordAnswerSchema = z.strictObject({ email: z.string() });

export const changedPersonSchema = z.strictObject({ user: accountSchema });

export const sessionSchema = z.strictObject({
  id: z.string(),
  /** Whether it is the session of the browser that asks. */
  current: z.boolean(),
  startedAt: timeSchema,
  /** Exact to the hour. */
  lastUsedAt: timeSchema,
  address: z.string().nullable(),
  browser: z.string().nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
export const sessionsAnswerSchema = z.strictObject({ sessions: z.array(sessionSchema) });
export type SessionsAnswer = z.infer<typeof sessionsAnswerSchema>;

export const memberSchema = z.strictObject({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: projectRoleSchema,
});
export type Member = z.infer<typeof memberSchema>;
export const membersAnswerSchema = z.strictObject({ members: z.array(memberSchema) });
