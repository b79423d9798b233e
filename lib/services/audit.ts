/** The audit log: entries that no other use case adds, and reading it. */
import { type Actor, authorize } from '@/lib/auth/permissions';
import { listAudit, recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { pageOf } from '@/lib/db/newest-first';
import { findUserByEmail } from '@/lib/db/users';
import { csvLine } from '@/lib/formats/csv-line';
import type { AuditKind, AuditPage, AuditQuery } from '@/lib/schemas/audit';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';

const PAGE = 50;
const EXPORT_PAGE = 500;

/** An attempt to sign in. An address that no account has is not stored: it may be a password, typed into the wrong field. */
export async function recordSignIn(
  db: Database,
  { email, address, succeeded }: { email: string; address: string; succeeded: boolean },
): Promise<void> {
  const user = await findUserByEmail(db, email);
  await recordAudit(db, {
    kind: succeeded ? 'sign_in' : 'sign_in_failed',
    actorId: succeeded && user ? user.id : null,
    subjectId: user?.id ?? null,
    details: { address },
  });
}

/** What somebody did with the account that is his or her own. */
export const recordOwnAct = (db: Database, kind: AuditKind, userId: string): Promise<void> =>
  recordAudit(db, { kind, actorId: userId, subjectId: userId });

export async function readAudit(actor: Actor, db: Database, query: AuditQuery): Promise<AuditPage> {
  authorize(actor, 'audit.read');
  const { shown, end } = pageOf(await listAudit(db, query, PAGE + 1), PAGE, placeOf);
  return { entries: shown.map(({ entry }) => entry), next: end && momentCursor.next(end) };
}

const placeOf = ({ entry: { id }, micros }: Awaited<ReturnType<typeof listAudit>>[number]): MomentPlace => ({
  micros,
  id,
});

/** The log as CSV, read page by page. */
export async function exportAudit(actor: Actor, db: Database, query: AuditQuery): Promise<AsyncGenerator<string>> {
  authorize(actor, 'audit.read');
  await recordAudit(db, { kind: 'export', actorId: actor.userId, details: { what: 'audit' } });
  return auditLines(db, query);
}

async function* auditLines(db: Database, query: AuditQuery): AsyncGenerator<string> {
  yield csvLine(['at', 'kind', 'actor_email', 'actor_name', 'subject_email', 'subject_name', 'details']);
  for (let { after } = query; ; ) {
    const rows = await listAudit(db, { ...query, after }, EXPORT_PAGE);
    if (rows.length === 0) return;
    after = placeOf(rows.at(-1)!);
    yield rows
      .map(({ entry: { at, kind, actor, subject, details } }) => {
        const people = [actor, subject].flatMap((person) => [person?.email ?? null, person?.name ?? null]);
        return csvLine([at, kind, ...people, JSON.stringify(details)]);
      })
      .join('');
  }
}
