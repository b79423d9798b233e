/** A person's own keys for programs. */
import { createApiKeySecret } from '@/lib/auth/api-key';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import {
  type ApiKeyRow,
  countApiKeys,
  deleteApiKey,
  insertApiKey,
  listApiKeys as listStoredKeys,
} from '@/lib/db/api-keys';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import {
  type ApiKey,
  type ApiKeyScope,
  type CreateApiKeyRequest,
  type CreatedApiKey,
  MAX_API_KEYS,
} from '@/lib/schemas/api-key';

const DAY = 24 * 60 * 60 * 1000;

function toApiKey({ id, name, start, scopes, createdAt, expiresAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return {
    id,
    name,
    start,
    scopes: scopes as ApiKeyScope[],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

export async function listApiKeys(actor: Actor, db: Database): Promise<ApiKey[]> {
  authorize(actor, 'keys.manage');
  return (await listStoredKeys(db, actor.userId)).map(toApiKey);
}

/** @throws Refusal 'conflict' for somebody who has as many as anybody may have */
export async function createApiKey(
  actor: Actor,
  db: Database,
  { name, scopes, days }: CreateApiKeyRequest,
): Promise<CreatedApiKey> {
  authorize(actor, 'keys.manage');
  const { secret, ...stored } = createApiKeySecret();
  return db.transaction(async (tx) => {
    if ((await countApiKeys(tx, actor.userId)) >= MAX_API_KEYS)
      throw conflict('tooManyApiKeys', { most: MAX_API_KEYS });
    const expiresAt = days === null ? null : new Date(Date.now() + days * DAY);
    const row = await insertApiKey(tx, { ...stored, userId: actor.userId, name, scopes, expiresAt });
    await recordAudit(tx, {
      kind: 'api_key_created',
      actorId: actor.userId,
      details: { name, scopes: scopes.join(', '), key: stored.start },
    });
    return { key: toApiKey(row), secret };
  });
}

/** The key stops working at once. */
export async function revokeApiKey(actor: Actor, db: Database, id: string): Promise<void> {
  authorize(actor, 'keys.manage');
  await db.transaction(async (tx) => {
    const row = await deleteApiKey(tx, actor.userId, id);
    if (!row) throw notFound('noSuchApiKey');
    await recordAudit(tx, {
      kind: 'api_key_revoked',
      actorId: actor.userId,
      details: { name: row.name, key: row.start },
    });
  });
}
