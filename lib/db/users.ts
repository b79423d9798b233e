import { and, asc, count, eq, isNull, ne, sql } from 'drizzle-orm';
import { accounts, users } from '@/drizzle/schema';
import type { Database } from './client';

export type User = typeof users.$inferSelect;

/** Imported annotators have a row in users, too, and are nobody here: whoever is to sign in or be managed is a person. */
const isPerson = eq(users.kind, 'person');

export async function countUsers(db: Database): Promise<number> {
  const [row] = await db.select({ n: count() }).from(users).where(isPerson);
  return row?.n ?? 0;
}

export async function listUsers(db: Database): Promise<User[]> {
  return db.select().from(users).where(isPerson).orderBy(asc(users.createdAt), asc(users.email));
}

export async function findUser(db: Database, userId: string): Promise<User | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(isPerson, eq(users.id, userId)));
  return row ?? null;
}

/** E-mail addresses are stored in lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(isPerson, eq(users.email, email.toLowerCase())));
  return row ?? null;
}

/** A person with a password, in the two rows that better-auth reads at sign-in. */
export async function insertUserWithPassword(
  db: Database,
  user: { id: string; name: string; email: string; role: string; passwordHash: string },
): Promise<User> {
  const { passwordHash, ...values } = user;
  const [row] = await db
    .insert(users)
    .values({ ...values, email: user.email.toLowerCase() })
    .returning();
  if (!row) throw new Error('The inserted user did not come back.');
  await db
    .insert(accounts)
    .values({ id: user.id, accountId: user.id, userId: user.id, providerId: 'credential', password: passwordHash });
  return row;
}

/**
 * Makes changes of roles, of memberships and of who is active wait for each other until the transaction ends, so that
 * what they check (the last administrator, the last researcher of a project) is true when they commit.
 */
export async function lockAccounts(tx: Database): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('accounts', 0))`);
}

/** Whether an administrator other than this person can sign in. */
export async function hasOtherAdmin(db: Database, userId: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.deactivatedAt), ne(users.id, userId)))
    .limit(1);
  return rows.length > 0;
}

export async function updateUser(
  db: Database,
  userId: string,
  values: Partial<Pick<User, 'role' | 'deactivatedAt' | 'email' | 'name'>>,
): Promise<User> {
  const [row] = await db
    .update(users)
    .set({ ...values, updatedAt: new Date() })
    .where(eq(users.id, userId))
    .returning();
  if (!row) throw new Error('The person is gone.');
  return row;
}

/** The hash of a person's password; null for a person without one. */
export async function findPasswordHash(db: Database, userId: string): Promise<string | null> {
  const [row] = await db
    .select({ password: accounts.password })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential')));
  return row?.password ?? null;
}

export async function setPasswordHash(db: Database, userId: string, password: string): Promise<void> {
  await db
    .update(accounts)
    .set({ password, updatedAt: new Date() })
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential')));
}
