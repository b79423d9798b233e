import { asc, count, eq } from 'drizzle-orm';
import { accounts, users } from '@/drizzle/schema';
import type { Database } from './client';

export type User = typeof users.$inferSelect;

export async function countUsers(db: Database): Promise<number> {
  const [row] = await db.select({ n: count() }).from(users);
  return row?.n ?? 0;
}

export async function listUsers(db: Database): Promise<User[]> {
  return db.select().from(users).orderBy(asc(users.createdAt), asc(users.email));
}

export async function findUser(db: Database, userId: string): Promise<User | null> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  return row ?? null;
}

/** E-mail addresses are stored in lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  const [row] = await db.select().from(users).where(eq(users.email, email.toLowerCase()));
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
