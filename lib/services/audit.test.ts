import { rm } from 'node:fs/promises';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { auditEntries, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { deleteOldFailedSignIns, recordAudit } from '@/lib/db/audit';
import { describeOnEachDatabase, emptyPGlite, emptyPostgres, migrationsBefore } from '@/lib/db/testing';
import { findUser } from '@/lib/db/users';
import { type AuditEntry, type AuditKind, MAX_AUDIT_TEXT } from '@/lib/schemas/audit';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import { exportAudit, readAudit, recordSignIn } from './audit';
import { changePerson } from './change-person';
import { collect, person, refusal } from './people.test-support';

describeOnEachDatabase('the audit log', (database) => {
  let admin: Actor;
  beforeAll(async () => {
    admin = await person(database(), 'admin');
  });

  it('has no way to change or delete an entry', async () => {
    const db = database();
    await recordAudit(db, { kind: 'export', actorId: admin.userId, details: { what: 'annotations' } });
    const said = (change: Promise<unknown>) =>
      expect(change).rejects.toMatchObject({ cause: { message: 'The audit log is append-only.' } });
    await said(db.update(auditEntries).set({ actorId: null }));
    await said(db.delete(auditEntries));
    await said(db.execute(sql`truncate audit_entries`));
    expect(await db.select().from(auditEntries)).toHaveLength(1);
  });

  it('tells an act only if it happened', async () => {
    const db = database();
    const count = async () => (await db.select().from(auditEntries)).length;
    const before = await count();
    await refusal(changePerson(admin, db, admin.userId, { active: false }), 'conflict');
    expect(await count()).toBe(before);
    const other = await person(db, 'annotator');
    await changePerson(admin, db, other.userId, { role: 'researcher' });
    expect(await count()).toBe(before + 1);
    // The same role again is no change.
    await changePerson(admin, db, other.userId, { role: 'researcher' });
    expect(await count()).toBe(before + 1);
  });

  it('holds short texts only, and nothing that was typed by somebody unknown', async () => {
    const db = database();
    await recordAudit(db, { kind: 'export', actorId: null, details: { what: `${'x'.repeat(MAX_AUDIT_TEXT - 1)}🙂` } });
    const huge = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x'.repeat(MAX_AUDIT_TEXT)]));
    await expect(recordAudit(db, { kind: 'export', actorId: null, details: huge })).rejects.toMatchObject({
      cause: { constraint: 'audit_entries_details' },
    });
    const attempt = { address: '203.0.113.1', succeeded: false };
    await recordSignIn(db, { ...attempt, email: 'my-secret-password' });
    const { email } = (await findUser(db, admin.userId))!;
    await recordSignIn(db, { ...attempt, email });
    const failed = await db.select().from(auditEntries).where(eq(auditEntries.kind, 'sign_in_failed'));
    expect(failed.map(({ subjectId, actorId }) => [subjectId, actorId])).toEqual([
      [null, null],
      [admin.userId, null],
    ]);
    expect(JSON.stringify(failed)).not.toContain('my-secret');
  });

  it('is read by pages, by kind and by person, and only by administrators', async () => {
    const db = database();
    const someone = await person(db, 'researcher');
    for (let n = 0; n < 120; n++) {
      await recordAudit(db, { kind: 'sign_in', actorId: someone.userId, subjectId: someone.userId, details: { n } });
    }
    const query = { kind: 'sign_in', person: someone.userId } as const;
    const seen: AuditEntry[] = [];
    for (let after: MomentPlace | undefined; ; ) {
      const page = await readAudit(admin, db, { ...query, after });
      seen.push(...page.entries);
      if (page.next === null) break;
      after = momentCursor.after.parse(page.next);
    }
    expect(new Set(seen.map(({ details }) => details.n))).toEqual(new Set(Array.from({ length: 120 }, (_, n) => n)));
    // Entries of one millisecond come in any order.
    expect(seen.map(({ at }) => at)).toEqual(
      seen
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(seen).toHaveLength(120);
    expect((await readAudit(admin, db, { kind: 'sign_out' })).entries).toEqual([]);
    await refusal(readAudit(someone, db, {}), 'forbidden');
    await refusal(exportAudit(someone, db, {}), 'forbidden');

    await db.update(users).set({ name: '=cmd|"x"' }).where(eq(users.id, someone.userId));
    const lines = (await collect(await exportAudit(admin, db, query))).split('\r\n');
    expect(lines).toHaveLength(122);
    expect(lines[0]).toBe('at,kind,actor_email,actor_name,subject_email,subject_name,details');
    // No spreadsheet takes a name for a formula.
    expect(lines[1]).toContain(`,"'=cmd|""x""",`);
    expect((await readAudit(admin, db, { kind: 'export' })).entries[0]!.details).toEqual({ what: 'audit' });
  });

  it('lets go of failed sign-ins after 90 days, and of nothing else', async () => {
    const db = database();
    const someone = await person(db, 'annotator');
    const entry = (kind: AuditKind, days: number) =>
      db.insert(auditEntries).values({
        kind,
        actorId: null,
        subjectId: someone.userId,
        details: { days },
        at: new Date(Date.now() - days * 24 * 60 * 60 * 1000),
      });
    for (const days of [1, 89, 91, 400]) {
      await entry('sign_in_failed', days);
      await entry('sign_in', days);
    }
    expect(await deleteOldFailedSignIns(db)).toBe(false);
    const left = await db.select().from(auditEntries).where(eq(auditEntries.subjectId, someone.userId));
    const daysOf = (kind: string) => left.filter((row) => row.kind === kind).map(({ details }) => details.days);
    expect(daysOf('sign_in_failed').sort()).toEqual([1, 89]);
    expect(daysOf('sign_in')).toHaveLength(4);
    // The control: the database itself refuses to let go of the others.
    for (const kind of ['sign_in_failed', 'sign_in']) {
      await expect(db.delete(auditEntries).where(eq(auditEntries.kind, kind as AuditKind))).rejects.toMatchObject({
        cause: { message: 'The audit log is append-only.' },
      });
    }
  });
});

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)('everybody who was there before accounts could be deactivated is active (%s)', async (_kind, empty) => {
  const { db, migrate, close } = await empty();
  const before = await migrationsBefore('people');
  try {
    await migrate(before);
    await db.execute(sql`insert into users (id, name, email, role) values ('u1', 'Ada', 'ada@example.org', 'admin')`);
    await db.execute(sql`insert into sessions (id, token, user_id, expires_at) values ('s1', 't', 'u1', now())`);
    await migrate();
    expect(await findUser(db, 'u1')).toMatchObject({ name: 'Ada', role: 'admin', deactivatedAt: null });
    await recordAudit(db, { kind: 'sign_out', actorId: 'u1', subjectId: 'u1' });
    expect(await db.select().from(auditEntries)).toMatchObject([{ actorId: 'u1', details: {} }]);
  } finally {
    await close();
    await rm(before, { recursive: true });
  }
});
