import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { apiKeys, auditEntries } from '@/drizzle/schema';
import { actorOfKey } from '@/lib/auth/api-key';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { MAX_API_KEYS } from '@/lib/schemas/api-key';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys';
import { changePerson } from './change-person';
import { person, projectWithPeople, refusal } from './people.test-support';
import { listProjects, viewProject } from './projects';

const wanted = { name: 'Nightly export', scopes: ['read' as const], days: 30 };

describeOnEachDatabase('an API key', (database) => {
  it('acts for its person within its scopes, and is stored as a hash alone', async () => {
    const db = database();
    const { researcher, projectId } = await projectWithPeople(db);
    const { key, secret } = await createApiKey(researcher, db, wanted);
    expect(secret).toMatch(/^rsk_[\w-]{43}$/);
    expect(key).toMatchObject({
      name: 'Nightly export',
      scopes: ['read'],
      start: secret.slice(0, 12),
      lastUsedAt: null,
    });
    const rows = await db.select().from(apiKeys);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(12));

    const { actor } = await actorOfKey(db, secret);
    expect(actor).toEqual({ ...researcher, scopes: ['read'] });
    expect((await viewProject(actor, db, projectId)).project.id).toBe(projectId);
    expect((await listApiKeys(researcher, db))[0]?.lastUsedAt).not.toBeNull();
  });

  it('makes no keys, whatever its scopes', async () => {
    const db = database();
    const { researcher } = await projectWithPeople(db);
    const { secret } = await createApiKey(researcher, db, {
      ...wanted,
      scopes: ['read', 'projects', 'import', 'snapshots'],
    });
    const { actor } = await actorOfKey(db, secret);
    await refusal(createApiKey(actor, db, wanted), 'forbidden');
    await refusal(listApiKeys(actor, db), 'forbidden');
  });

  it('is its own person’s to revoke, and does nothing afterwards', async () => {
    const db = database();
    const [owner, other] = [await person(db, 'researcher'), await person(db, 'admin')];
    const { key, secret } = await createApiKey(owner, db, wanted);
    await refusal(revokeApiKey(other, db, key.id), 'not_found');
    expect((await listProjects((await actorOfKey(db, secret)).actor, db)).projects).toEqual([]);
    await revokeApiKey(owner, db, key.id);
    await refusal(actorOfKey(db, secret), 'unauthenticated');
    const kinds = (await db.select().from(auditEntries).where(eq(auditEntries.actorId, owner.userId))).map(
      ({ kind }) => kind,
    );
    expect(kinds.sort()).toEqual(['api_key_created', 'api_key_revoked']);
  });

  it('ends when it expires, and with its account', async () => {
    const db = database();
    const [owner, admin] = [await person(db, 'researcher'), await person(db, 'admin')];
    const { key, secret } = await createApiKey(owner, db, wanted);
    await db
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(apiKeys.id, key.id));
    await refusal(actorOfKey(db, secret), 'unauthenticated');

    const lasting = await createApiKey(owner, db, { ...wanted, days: null });
    await changePerson(admin, db, owner.userId, { active: false });
    await changePerson(admin, db, owner.userId, { active: true });
    await refusal(actorOfKey(db, lasting.secret), 'unauthenticated');
  });

  it('is one of not too many, and not for annotators', async () => {
    const db = database();
    const owner = await person(db, 'researcher');
    for (let n = 0; n < MAX_API_KEYS; n++) await createApiKey(owner, db, wanted);
    await refusal(createApiKey(owner, db, wanted), 'conflict');
    await refusal(createApiKey(await person(db, 'annotator'), db, wanted), 'forbidden');
  });
});
