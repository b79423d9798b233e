/** Schemas of requests about accounts, invitations, projects and members. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { messageKey } from '@/trainer/contract/message';
import { MAX_TIERS, MIN_TIERS } from '@/trainer/contract/tier-limits';
import { countings } from './annotator-kinds';
import {
  assignmentOrders,
  closingCertaintyLimits,
  leaseMinutesLimits,
  MAX_OVERLAP,
  MAX_PROMPT_LIMIT,
} from './assignment-rules';
import { issueKey } from './issue';
import { languagesReadSchema } from './language';
import { modelNamePolicies } from './model-names';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password-rules';
import { issueTagsSchema, storableText } from './remarks';
import { MAX_LABEL_PATTERN, strategySchema } from './strategy';
import { textFormats } from './text-format';
import { MAX_THINKING_TAGS, TAG_NAME } from './thinking-tags';
import { MAX_TIER_NAME, tierPalette } from './tier-rules';

export const roleSchema = z.enum(['admin', 'researcher', 'annotator']);
export type Role = z.infer<typeof roleSchema>;
export const projectRoleSchema = z.enum(['researcher', 'annotator']);
export type ProjectRole = z.infer<typeof projectRoleSchema>;

const personName = z.string().trim().min(1, issueKey('needsName')).max(100);
const email = z.email(messageKey('notEmail')).max(254);

const newPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH, issueKey('passwordTooShort'))
  .max(MAX_PASSWORD_LENGTH, issueKey('passwordTooLong'));
const anyPassword = z.string().max(MAX_PASSWORD_LENGTH);
const givenEmail = z.string().trim().toLowerCase().pipe(email);

export const acceptInviteSchema = z.strictObject({ name: personName, email: givenEmail, password: newPassword });
export type AcceptInviteRequest = z.infer<typeof acceptInviteSchema>;

export const signInSchema = z.strictObject({ email: givenEmail, password: anyPassword });
export const signOutSchema = z.strictObject({});
/** As an authenticator app shows it, with or without a space. */
const appCode = z
  .string()
  .max(20)
  .transform((text) => text.replaceAll(' ', ''))
  .pipe(z.string().regex(/^\d{6}$/, issueKey('sixDigits')));
export const appCodeSchema = z.strictObject({ code: appCode });
export const recoveryCodeSchema = z.strictObject({ code: z.string().trim().min(1).max(40) });
export const passwordOnlySchema = z.strictObject({ password: anyPassword });
export const changePasswordSchema = z.strictObject({ currentPassword: anyPassword, newPassword });
export const updateUserSchema = z.strictObject({ name: personName });

export const createInviteSchema = z.strictObject({ role: roleSchema, projectId: z.uuid().nullish() });
export type CreateInviteRequest = z.infer<typeof createInviteSchema>;

export const revokeInviteSchema = z.strictObject({ inviteId: z.uuid() });

const personId = z.string().min(1).max(100);
/** One change at a time, so that each is told by itself. */
export const changePersonSchema = z.union([
  z.strictObject({ role: roleSchema }),
  /** What waits for the person, and projects that would be without a researcher, go to `transferTo`. */
  z.strictObject({ active: z.literal(false), transferTo: personId.optional() }),
  z.strictObject({ active: z.literal(true) }),
  /** The same goes to `transferTo` while the person stays. */
  z.strictObject({ transferTo: personId }),
]);
export type ChangePersonRequest = z.infer<typeof changePersonSchema>;

export const resetPasswordSchema = z.strictObject({ password: newPassword });
export const changeEmailSchema = z.strictObject({ email: givenEmail, password: anyPassword });
/** Without an id: all but this browser's. */
export const endSessionsSchema = z.strictObject({ sessionId: personId.optional() });

const tierNames = z
  .array(z.string().trim().min(1, issueKey('needsName')).max(MAX_TIER_NAME))
  .min(MIN_TIERS, issueKey('tooFewTiers'))
  .max(MAX_TIERS, issueKey('tooManyTiers'))
  .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, issueKey('tierTwice'));

/** One colour per tier, best first; when empty, every tier has the colour of its rank. */
const tierColors = z.array(z.enum(['ramp', ...tierPalette])).max(MAX_TIERS);

const projectName = z.string().trim().min(1, issueKey('needsName')).max(200);

export const createProjectSchema = z.strictObject({
  name: projectName,
  description: z.string().trim().max(5_000).optional(),
  guidelines: z.string().max(50_000).optional(),
  tiers: tierNames.optional().describe('Best first.'),
  tierColors: tierColors.optional(),
});
export type CreateProjectRequest = z.infer<typeof createProjectSchema>;

export const updateProjectSchema = z.strictObject({
  baseVersion: z
    .int()
    .min(1)
    .describe(
      'The project’s `settingsVersion` that you saw; where somebody has changed settings since, it is refused.',
    ),
  renameJudgedTiers: z.boolean().optional().describe('Required to rename tiers that people have judged by.'),
  name: projectName.optional(),
  description: z.string().trim().max(5_000).optional(),
  tiers: tierNames
    .optional()
    .describe(
      'Annotations refer to tiers by number, so the number of tiers cannot change once there is an annotation.',
    ),
  tierColors: tierColors.optional(),
  issueTags: issueTagsSchema
    .optional()
    .describe('All tags that are offered; stored tags that are missing here are retired.'),
  goldWarmUp: z.int().min(0).max(100).optional(),
  hideSelfNames: z.boolean().optional(),
  modelNames: z.enum(modelNamePolicies).optional(),
  textFormat: z.enum(textFormats).optional(),
  thinkingTags: z
    .array(z.string().regex(TAG_NAME, issueKey('thinkingTag')))
    .max(MAX_THINKING_TAGS, issueKey('tooManyTags'))
    .optional(),
  goldEvery: z.int().min(0).max(1000).optional(),
  overlap: z
    .int()
    .min(1)
    .max(MAX_OVERLAP)
    .nullable()
    .optional()
    .describe('How many annotators judge each prompt; null: everybody may.'),
  overlapSample: z
    .int()
    .min(1)
    .max(MAX_OVERLAP)
    .nullable()
    .optional()
    .describe('The same for a random share of the prompts; null: no such share.'),
  overlapSamplePercent: z.int().min(0).max(100).optional(),
  overlapMinimum: z
    .int()
    .min(1)
    .max(MAX_OVERLAP)
    .nullable()
    .optional()
    .describe(
      'The least number of annotators, where a prompt gets no more of them once its consensus is certain; null: all of them.',
    ),
  closingCertainty: z
    .int()
    .min(closingCertaintyLimits.min)
    .max(closingCertaintyLimits.max)
    .optional()
    .describe('In percent.'),
  assignmentOrder: z.enum(assignmentOrders).optional(),
  leaseMinutes: z.int().min(leaseMinutesLimits.min).max(leaseMinutesLimits.max).optional(),
  promptLimit: z.int().min(1).max(MAX_PROMPT_LIMIT).nullable().optional(),
  importedCountIn: z
    .enum(countings)
    .optional()
    .describe('For what the judgements of imported annotators count, and of those that are models.'),
  modelsCountIn: z.enum(countings).optional(),
  decisionsSettle: z.boolean().optional().describe(`Whether a reviewer's decision stands for a prompt's consensus.`),
  snapshotStrategy: strategySchema
    .optional()
    .describe('How snapshots order prompts that nobody has annotated, where nothing else is asked for.'),
  labelPattern: storableText(MAX_LABEL_PATTERN)
    .min(1)
    .nullable()
    .optional()
    .describe(`Finds labels of responses that came without one, in RE2's syntax; null: none are looked for.`),
  consensusQuorum: z
    .int()
    .min(1)
    .max(MAX_OVERLAP)
    .nullable()
    .optional()
    .describe('How many must prefer a response for a pair to be kept, of those who judged both; null: more than half.'),
  consensusMaxAgainst: z.int().min(0).max(MAX_OVERLAP).optional().describe('How many may prefer the other one.'),
});
export type UpdateProjectRequest = z.infer<typeof updateProjectSchema>;

/** How much goes along: each has what the one before it has. */
export const cloneScopes = ['settings', 'prompts', 'everything'] as const;
export const cloneProjectSchema = z.strictObject({ name: projectName, scope: z.enum(cloneScopes) });
export type CloneProjectRequest = z.infer<typeof cloneProjectSchema>;

export const archiveProjectSchema = z.strictObject({ archived: z.boolean() });
/** The project's name, typed to confirm. */
export const deleteProjectSchema = z.strictObject({ name: z.string().max(1000) });

export const putMemberSchema = z
  .strictObject({
    email: givenEmail.optional(),
    userId: z.string().min(1).optional(),
    role: projectRoleSchema,
    /** Absent: as they are. */
    languages: languagesReadSchema.optional(),
  })
  .refine((value) => (value.email === undefined) !== (value.userId === undefined), issueKey('personByOne'));
export type PutMemberRequest = z.infer<typeof putMemberSchema>;

export const deleteMemberSchema = z.strictObject({ userId: z.string().min(1) });
