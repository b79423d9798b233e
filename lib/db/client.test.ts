import { count, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { users } from '@/drizzle/schema';
import { describeOnEachDatabase } from './testing';

describeOnEachDatabase('a fresh database', (database) => {
  it('is migrated and empty, and returns counts as numbers', async () => {
    expect(await database().select({ n: count() }).from(users)).toEqual([{ n: 0 }]);
  });

  it('undoes a transaction that throws', async () => {
    const attempt = database().transaction(async (tx) => {
      await tx.insert(users).values({ id: 'a', name: 'A', email: 'a@example.org' });
      expect(await tx.select({ n: count() }).from(users)).toEqual([{ n: 1 }]);
      throw new Error('after the insert');
    });
    await expect(attempt).rejects.toThrow('after the insert');
    expect(await database().select({ n: count() }).from(users)).toEqual([{ n: 0 }]);
  });

  it('names a violated constraint by the same code', async () => {
    await database().insert(users).values({ id: 'b', name: 'B', email: 'b@example.org' });
    const again = database().insert(users).values({ id: 'c', name: 'C', email: 'b@example.org' });
    await expect(again).rejects.toMatchObject({ cause: { code: '23505' } });
    const [found] = await database().select().from(users).where(eq(users.id, 'b'));
    expect(found?.createdAt).toBeInstanceOf(Date);
  });
});
