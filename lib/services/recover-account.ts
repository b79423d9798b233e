/** For the server's own command line, where nobody is signed in: whoever can run it can read the database anyway. */
import { hashPassword } from 'better-auth/crypto';
import { closeDatabase, type Database, getDb } from '@/lib/db/client';
import { findUserByEmail, listUsers, type User } from '@/lib/db/users';
import { clearFor } from './clear-second-factor';
import { linkFor, replacePassword } from './reset-password';

type Refused = { refused: 'unknown'; administrators: string[] } | { refused: 'deactivated'; email: string };

/** Opens the database that the environment names, and makes a link by which this person chooses a new password; a second factor is cleared. */
export function createRecoveryLink(email: string): Promise<Refused | { token: string; expiresAt: Date }> {
  return forAccount(email, (db, user) =>
    db.transaction(async (tx) => {
      await clearFor(tx, user, null);
      return linkFor(tx, user, null);
    }),
  );
}

/** Opens the database that the environment names, and sets the person's password; all of the sessions end, and a second factor is cleared. */
export async function setPassword(email: string, password: string): Promise<Refused | { email: string }> {
  const passwordHash = await hashPassword(password);
  return forAccount(email, async (db, user) => {
    await db.transaction(async (tx) => {
      await clearFor(tx, user, null);
      await replacePassword(tx, user, passwordHash, null);
    });
    return { email: user.email };
  });
}

async function forAccount<T>(email: string, work: (db: Database, user: User) => Promise<T>): Promise<Refused | T> {
  try {
    const db = await getDb();
    const user = await findUserByEmail(db, email);
    if (!user) {
      const administrators = (await listUsers(db)).filter(({ role }) => role === 'admin').map((one) => one.email);
      return { refused: 'unknown', administrators };
    }
    if (user.deactivatedAt) return { refused: 'deactivated', email: user.email };
    return await work(db, user);
  } finally {
    await closeDatabase().catch(() => undefined);
  }
}
