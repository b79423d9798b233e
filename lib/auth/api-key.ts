/** Who asks with an API key instead of a session. */
import { findApiKey, noteApiKeyUse } from '@/lib/db/api-keys';
import type { Database } from '@/lib/db/client';
import type { Role } from '@/lib/schemas/account';
import type { ApiKeyScope } from '@/lib/schemas/api-key';
import { createToken, hashToken } from './one-time-token';
import type { Actor } from './permissions';
import { unauthenticated } from './refusal';

/** By which scanners of repositories and logs recognise a key. */
const PREFIX = 'rsk_';
const START_LENGTH = 12;

/** A new key, with what is stored of it. */
export function createApiKeySecret(): { secret: string; keyHash: string; start: string } {
  const secret = PREFIX + createToken();
  return { secret, keyHash: hashToken(secret), start: secret.slice(0, START_LENGTH) };
}

/** The key in the header `Authorization: Bearer …`; null where there is no such header. */
export function bearerOf(headers: Headers): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}

/**
 * The person whose key it is, limited to the key's scopes.
 * @throws Refusal 'unauthenticated' for a key that is unknown, was revoked or has expired, or whose person's account was
 * deactivated
 */
export async function actorOfKey(db: Database, secret: string): Promise<{ actor: Actor; keyId: string }> {
  const found = await findApiKey(db, hashToken(secret));
  if (!found) throw unauthenticated('noSuchApiKey');
  const { key, user } = found;
  if (key.expiresAt && key.expiresAt <= new Date()) throw unauthenticated('apiKeyExpired');
  if (user.deactivatedAt) throw unauthenticated('accountDeactivated');
  await noteApiKeyUse(db, key.id);
  return {
    actor: { userId: user.id, role: user.role as Role, scopes: key.scopes as ApiKeyScope[] },
    keyId: key.id,
  };
}
