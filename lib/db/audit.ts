/** The audit log. No query changes an entry, and none deletes one but of a failed sign-in long ago: the database refuses it. */
import { and, eq, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { auditEntries, users } from '@/drizzle/schema';
import {
  type AuditDetails,
  type AuditEntry,
  type AuditKind,
  type AuditQuery,
  MAX_AUDIT_TEXT,
} from '@/lib/schemas/audit';
import type { Database } from './client';
import { newestFirst } from './newest-first';
import type { User } from './users';

export interface NewAuditEntry {
  kind: AuditKind;
  actorId: string | null;
  subjectId?: string | null;
  details?: AuditDetails;
}

/** Adds an entry; call it in the transaction of what it tells. Longer texts are cut off. */
export async function recordAudit(
  tx: Database,
  { kind, actorId, subjectId = null, details = {} }: NewAuditEntry,
): Promise<void> {
  const bounded = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      // Half a surrogate pair could not be stored.
      typeof value === 'string' ? value.slice(0, MAX_AUDIT_TEXT).replace(/[\ud800-\udbff]$/, '') : value,
    ]),
  );
  await tx.insert(auditEntries).values({ kind, actorId, subjectId, details: bounded });
}

/** Failed sign-ins are kept for this long; everything else for good. The database's own trigger says the same. */
const FAILED_SIGN_INS_KEPT = sql`interval '90 days'`;
const SWEEP_BATCH = 1000;

/** @returns whether there may be more */
export async function deleteOldFailedSignIns(db: Database): Promise<boolean> {
  const { rows } = (await db.execute(sql`delete from ${auditEntries} where id = any(array(
    select id from ${auditEntries} where kind = 'sign_in_failed' and at < now() - ${FAILED_SIGN_INS_KEPT}
    order by at limit ${SWEEP_BATCH})) returning 1`)) as unknown as { rows: unknown[] };
  return rows.length === SWEEP_BATCH;
}

const actors = alias(users, 'actors');
const subjects = alias(users, 'subjects');

const newest = newestFirst(auditEntries.at, auditEntries.id);

/** Entries, newest first. It reads as much however long the log is. */
export async function listAudit(
  db: Database,
  { kind, person, after }: AuditQuery,
  limit: number,
): Promise<{ entry: AuditEntry; micros: string }[]> {
  const rows = await db
    .select({ micros: newest.micros, entry: auditEntries, actor: actors, subject: subjects })
    .from(auditEntries)
    .leftJoin(actors, eq(actors.id, auditEntries.actorId))
    .leftJoin(subjects, eq(subjects.id, auditEntries.subjectId))
    .where(
      and(
        kind && eq(auditEntries.kind, kind),
        person ? or(eq(auditEntries.actorId, person), eq(auditEntries.subjectId, person)) : undefined,
        newest.following(after),
      ),
    )
    .orderBy(...newest.order)
    .limit(limit);
  return rows.map(({ entry: { id, at, kind, details }, actor, subject, micros }) => {
    const people = { actor: personOf(actor), subject: personOf(subject) };
    return { entry: { id, at: at.toISOString(), kind, ...people, details }, micros };
  });
}

const personOf = (user: User | null) => user && { id: user.id, name: user.name, email: user.email };
