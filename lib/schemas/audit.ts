/** What the audit log says: who did what to whose account, sign-ins and exports. */
import { momentCursor, nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { timeSchema } from './answer-fields';

export const auditKinds = [
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'account_created',
  'account_deactivated',
  'account_reactivated',
  'role_changed',
  'work_transferred',
  'name_changed',
  'email_changed',
  'password_changed',
  'password_reset',
  'reset_link_created',
  'second_factor_enabled',
  'second_factor_disabled',
  'second_factor_cleared',
  'recovery_codes_renewed',
  'sessions_ended',
  'api_key_created',
  'api_key_revoked',
  'webhook_created',
  'webhook_changed',
  'webhook_secret_rotated',
  'webhook_deleted',
  'webhook_stopped',
  'invitation_created',
  'invitation_revoked',
  'member_set',
  'member_removed',
  'imported_annotator_kind_set',
  'project_cloned',
  'project_archived',
  'project_unarchived',
  'project_deleted',
  'snapshot_deleted',
  'snapshot_renamed',
  'answer_sent_back',
  'sent_back_withdrawn',
  'prompt_corrected',
  'prompt_withdrawn',
  'prompt_restored',
  'prompts_prioritized',
  'export',
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** Short facts about an act: a role, a project's name, a number. Never what somebody typed into a password field. */
export type AuditDetails = Readonly<Record<string, string | number | null>>;
export const MAX_AUDIT_TEXT = 300;

const auditPersonSchema = z.strictObject({ id: z.string(), name: z.string(), email: z.string() });

export const auditEntrySchema = z.strictObject({
  id: z.uuid(),
  at: timeSchema,
  kind: z.enum(auditKinds),
  /** Null: somebody who was not signed in, or the server's command line. */
  actor: auditPersonSchema.nullable(),
  subject: auditPersonSchema.nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).readonly(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Newest first. */
export const auditPageSchema = z.strictObject({
  entries: z.array(auditEntrySchema),
  next: nextSchema,
});
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditQuerySchema = z.strictObject({
  kind: z.enum(auditKinds).optional(),
  /** Who acted, or whose account it was. */
  person: z.string().min(1).max(100).optional(),
  after: momentCursor.after,
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;
