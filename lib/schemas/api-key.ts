/** Keys with which programs use the API in a person's name. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { timeSchema } from './answer-fields';
import { issueKey } from './issue';

/** What a key allows, of what the person may do: see `permissions.ts`. */
export const apiKeyScopes = ['read', 'projects', 'import', 'snapshots'] as const;
export const apiKeyScopeSchema = z.enum(apiKeyScopes);
export type ApiKeyScope = z.infer<typeof apiKeyScopeSchema>;

export const MAX_API_KEY_NAME = 100;
export const MAX_API_KEY_DAYS = 3650;
/** Of one person. */
export const MAX_API_KEYS = 50;
/** Requests with one key in a minute. */
export const API_KEY_REQUESTS_PER_MINUTE = 600;

export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1, issueKey('needsName')).max(MAX_API_KEY_NAME),
  scopes: z
    .array(apiKeyScopeSchema)
    .min(1)
    .max(apiKeyScopes.length)
    .transform((scopes) => [...new Set(scopes)]),
  /** After how many days it expires; null: never. */
  days: z.int().min(1).max(MAX_API_KEY_DAYS).nullable(),
});
export type CreateApiKeyRequest = z.infer<typeof createApiKeySchema>;
export const revokeApiKeySchema = z.strictObject({ id: z.uuid() });

export const apiKeySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** The first characters of the key. */
  start: z.string(),
  scopes: z.array(apiKeyScopeSchema),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;
export const apiKeysAnswerSchema = z.strictObject({ keys: z.array(apiKeySchema) });
export type ApiKeysAnswer = z.infer<typeof apiKeysAnswerSchema>;
/** `secret` is the whole key, which nobody can be shown again. */
export const createdApiKeySchema = z.strictObject({ key: apiKeySchema, secret: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
