/**
 * What a button creates, it creates once: the client makes up a key for each intention, and a request that comes again
 * with it, however late or at the same time, gets the first one's answer and creates nothing.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Actor } from '@/lib/auth/permissions';
import { conflict } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { claimCreation, forgetCreations, keepAnswer } from '@/lib/db/creations';
import { canonicalJson } from '@/lib/formats/canonical-json';

const KEPT_MS = 24 * 60 * 60 * 1000;

export interface Intention {
  /** Made up by the client. */
  key: string;
  /** What is created, and where. */
  operation: string;
  /** The request; another one under the same key is refused. */
  content: object;
}

/**
 * Runs `create` and keeps its answer in one transaction. `create` works in that transaction, so it should be short.
 * @throws Refusal 'conflict' for a key that has created something else
 */
export async function createOnce<Answer>(
  actor: Actor,
  db: Database,
  { key, operation, content }: Intention,
  create: (tx: Database) => Promise<Answer>,
): Promise<Answer> {
  const row = { actorId: actor.userId, keyHash: sha256(key) };
  const contentHash = sha256(`${operation} ${canonicalJson(content)}`);
  return db.transaction(async (tx) => {
    await forgetCreations(tx, actor.userId, new Date(Date.now() - KEPT_MS));
    const before = await claimCreation(tx, row, contentHash);
    if (before) {
      if (before.contentHash !== contentHash) throw conflict('keyCreatedAnother');
      return JSON.parse(unseal(before.answer, key)) as Answer;
    }
    const answer = await create(tx);
    await keepAnswer(tx, row, seal(JSON.stringify(answer), key));
    return answer;
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** An answer may hold a secret, such as an invitation's link: only who knows the key, which is not stored, can read it. */
function seal(text: string, key: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function unseal(sealed: string, key: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
}

const sealingKey = (key: string) => Buffer.from(hkdfSync('sha256', key, '', 'answer of a creation', 32));
