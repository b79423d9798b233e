import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { auditEntries } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { renameSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { setArchived } from './close-project';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { collect, projectWithPeople, promptFile, refusal } from './people.test-support';
import { exportSnapshot, getSnapshot } from './read-snapshot';
import { renameSnapshot } from './rename-snapshot';

describeOnEachDatabase('renaming a snapshot', (database) => {
  const made = async () => {
    const db = database();
    const { researcher, projectId } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(3));
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'Before', strategy: 'human' });
    return { db, researcher, projectId, snapshot };
  };

  it('changes what it is called, and no byte of what is frozen', async () => {
    const { db, researcher, snapshot } = await made();
    const frozen = async () =>
      Promise.all(
        ['header', 'records', 'bundle', 'pairs'].map(async (format) =>
          collect((await exportSnapshot(researcher, db, snapshot.id, snapshotWriter(format))).lines),
        ),
      );
    const before = await frozen();
    const renamed = await renameSnapshot(researcher, db, snapshot.id, { name: 'After' });
    expect(renamed).toEqual({ ...snapshot, name: 'After' });
    expect(await getSnapshot(researcher, db, snapshot.id)).toEqual(renamed);
    expect(await frozen()).toEqual(before);
  });

  it('is in the audit log, once', async () => {
    const { db, researcher, snapshot } = await made();
    for (let i = 0; i < 2; i++) await renameSnapshot(researcher, db, snapshot.id, { name: 'After' });
    const entries = await db.select().from(auditEntries).where(eq(auditEntries.actorId, researcher.userId));
    expect(entries.filter(({ kind }) => kind === 'snapshot_renamed').map(({ details }) => details)).toEqual([
      { from: 'Before', to: 'After', hash: snapshot.hash },
    ]);
  });

  it('is refused in an archived project, and for a name without a sign', async () => {
    const { db, researcher, projectId, snapshot } = await made();
    expect(renameSnapshotRequestSchema.safeParse({ name: ' ' }).success).toBe(false);
    await setArchived(researcher, db, projectId, true);
    await refusal(renameSnapshot(researcher, db, snapshot.id, { name: 'After' }), 'locked');
    expect((await getSnapshot(researcher, db, snapshot.id)).name).toBe('Before');
  });
});
