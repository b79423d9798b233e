/** Schemas of answers about people: the signed-in user, accounts and invitations. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { projectRoleSchema, roleSchema } from './account';
import { importedKinds } from './annotator-kinds';
import { timeSchema } from './answer-fields';

const personFields = { id: z.string(), name: z.string(), email: z.string(), role: roleSchema };

export const meSchema = z.strictObject(personFields);
export type Me = z.infer<typeof meSchema>;

/** 'needed': this person has to set one up before anything else. */
const secondFactorStateSchema = z.enum(['off', 'on', 'needed']);
export type SecondFactorState = z.infer<typeof secondFactorStateSchema>;

export const meAnswerSchema = z.strictObject({
  /** Null when nobody is signed in. */
  user: meSchema.nullable(),
  secondFactor: secondFactorStateSchema,
  /** Whether nobody has an account yet, so that the first administrator has to follow the setup link. */
  needsSetup: z.boolean(),
});
export type MeAnswer = z.infer<typeof meAnswerSchema>;

/** The answer of the routes for signing in and out and for changing an account. */
export const authAnswerSchema = z.strictObject({
  user: meSchema.omit({ role: true }).nullable(),
  /** The password was right, and a code of the second factor is asked for next. */
  needsCode: z.literal(true).optional(),
  /** What an authenticator app reads: shown once, while it is set up. */
  totpUri: z.string().optional(),
  /** Shown once, too: each signs in once where there is no app. */
  recoveryCodes: z.array(z.string()).optional(),
});
export type AuthAnswer = z.infer<typeof authAnswerSchema>;
export const signedUpAnswerSchema = z.strictObject({ user: meSchema });

/** An annotator who came with a file of one project. */
export const importedAnnotatorSchema = z.strictObject({
  userId: z.string(),
  name: z.string(),
  kind: z.enum(importedKinds),
  /** How many prompts there are judgements of. */
  prompts: countSchema,
});
export type ImportedAnnotator = z.infer<typeof importedAnnotatorSchema>;
export const importedAnnotatorsAnswerSchema = z.strictObject({ annotators: z.array(importedAnnotatorSchema) });
export const putImportedAnnotatorSchema = z.strictObject({ userId: z.string().min(1), kind: z.enum(importedKinds) });
export type PutImportedAnnotatorRequest = z.infer<typeof putImportedAnnotatorSchema>;

export const accountSchema = z.strictObject({
  ...personFields,
  createdAt: timeSchema,
  /** Null: the account is active. */
  deactivatedAt: timeSchema.nullable(),
  hasSecondFactor: z.boolean(),
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
  /** Those in which the person gets prompts; none: all of them. */
  languages: z.array(z.string()),
  /** False: the account is deactivated. */
  isActive: z.boolean(),
});
export type Member = z.infer<typeof memberSchema>;
export const membersAnswerSchema = z.strictObject({ members: z.array(memberSchema) });
