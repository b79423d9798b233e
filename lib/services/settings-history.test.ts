import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { settingsHistoryCursor } from '@/lib/schemas/settings';
import { projectWithPeople } from './people.test-support';
import { updateProject } from './projects';
import { listSettingsVersions } from './settings-history';

describeOnEachDatabase('the versions of a project’s settings', (database) => {
  it('tell who changed what, and what each changed from', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await updateProject(researcher, db, projectId, { baseVersion: 1, overlap: 3 });
    await updateProject(researcher, db, projectId, { baseVersion: 2, name: 'Renamed', tiers: ['yes', 'no'] });
    const { versions, next } = await listSettingsVersions(researcher, db, projectId);
    expect(next).toBeNull();
    expect(versions.map(({ version, author }) => [version, author])).toEqual([
      [3, 'researcher'],
      [2, 'researcher'],
      [1, 'researcher'],
    ]);
    expect(versions[0]).toMatchObject({
      settings: { name: 'Renamed', tiers: ['yes', 'no'], overlap: 3 },
      previous: { name: 'A project', tiers: ['best', 'good', 'weak', 'bad'], overlap: 3 },
    });
    expect(versions[1]).toMatchObject({ settings: { overlap: 3 }, previous: { overlap: null } });
    expect(versions[2]).toMatchObject({ settings: { name: 'A project' }, previous: null });
  });

  it('come in pages, and none is left out', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    for (let baseVersion = 1; baseVersion <= 44; baseVersion++) {
      await updateProject(researcher, db, projectId, { baseVersion, description: `Number ${baseVersion}` });
    }
    const seen: number[] = [];
    for (let before: number | undefined; ; ) {
      const { versions, next } = await listSettingsVersions(researcher, db, projectId, before);
      seen.push(...versions.map(({ version }) => version));
      for (const { version, previous } of versions) {
        if (version > 2) expect(previous?.description).toBe(`Number ${version - 2}`);
      }
      if (next === null) break;
      before = settingsHistoryCursor.after.parse(next);
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => 45 - i));
  });
});
