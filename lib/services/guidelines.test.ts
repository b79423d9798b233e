import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { guidelineVersions, users } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import {
  acknowledgeGuidelines,
  listGuidelines,
  publishGuidelines,
  viewGuidelineChange,
  viewGuidelines,
} from './guidelines';
import { projectWithPeople, refusal } from './people.test-support';
import { createProject, viewProject } from './projects';

describeOnEachDatabase('guidelines', (database) => {
  async function started() {
    const db = database();
    const people = await projectWithPeople(db, ['good', 'bad']);
    const { projectId, researcher } = people;
    const publish = (baseVersion: number, body: string, examples: string[] = []) =>
      publishGuidelines(researcher, db, projectId, { baseVersion, body, examples });
    return { ...people, db, publish };
  }

  it('are versions that nothing changes; the newest is in force, with an example text for every tier', async () => {
    const { db, projectId, researcher, annotator, publish } = await started();
    expect(await viewGuidelines(annotator, db, projectId)).toEqual({ current: null, acknowledged: null });
    await publish(0, 'Be fair.', ['Yes.']);
    await publish(1, 'Be fair and kind.');
    const { current } = await viewGuidelines(annotator, db, projectId);
    expect(current).toMatchObject({ version: 2, body: 'Be fair and kind.', examples: ['', ''] });
    const rows = await db.select().from(guidelineVersions).where(eq(guidelineVersions.projectId, projectId));
    expect(rows.find(({ version }) => version === 1)).toMatchObject({ body: 'Be fair.', examples: ['Yes.', ''] });
    expect((await viewProject(researcher, db, projectId)).project.guidelines).toBe('Be fair and kind.');
  });

  it('stay the same version when nothing changed, and are refused on top of one that the author has not seen', async () => {
    const { publish } = await started();
    expect(await publish(0, '')).toBeNull();
    await publish(0, 'Be fair.');
    expect(await publish(1, 'Be fair.')).toMatchObject({ version: 1 });
    await refusal(publish(0, 'Be unfair.'), 'conflict');
    const both = await Promise.allSettled([publish(1, 'One.'), publish(1, 'Two.')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await refusal(publish(2, 'Too many.', ['a', 'b', 'c']), 'invalid');
  });

  it('are acknowledged by each person and version; whoever wrote one has read it', async () => {
    const { db, projectId, researcher, annotator, other, publish } = await started();
    await publish(0, 'Be fair.');
    expect((await viewGuidelines(researcher, db, projectId)).acknowledged?.version).toBe(1);
    expect((await viewGuidelines(annotator, db, projectId)).acknowledged).toBeNull();
    for (const _ of [1, 2]) await acknowledgeGuidelines(annotator, db, projectId, 1);
    await publish(1, 'Be fair and kind.');
    expect(await viewGuidelines(annotator, db, projectId)).toMatchObject({
      current: { version: 2 },
      acknowledged: { version: 1, body: 'Be fair.' },
    });
    expect((await viewGuidelines(other, db, projectId)).acknowledged).toBeNull();
    await refusal(acknowledgeGuidelines(annotator, db, projectId, 1), 'conflict');
    await refusal(acknowledgeGuidelines(annotator, db, projectId, 3), 'conflict');
    expect((await acknowledgeGuidelines(annotator, db, projectId, 2)).acknowledged?.version).toBe(2);
  });

  it('have a history: who published what, and what each version changed', async () => {
    const { db, projectId, researcher, annotator, outsiders, publish } = await started();
    expect(await listGuidelines(researcher, db, projectId)).toEqual([]);
    await publish(0, 'Be fair.');
    await publish(1, 'Be fair and kind.', ['Yes.']);
    const versions = await listGuidelines(researcher, db, projectId);
    expect(versions.map(({ version, author }) => [version, author])).toEqual([
      [2, 'researcher'],
      [1, 'researcher'],
    ]);
    const change = (version: string) => viewGuidelineChange(researcher, db, projectId, version);
    expect(await change('1')).toMatchObject({ before: null, after: { body: 'Be fair.' } });
    expect(await change('2')).toMatchObject({
      before: { version: 1, body: 'Be fair.', examples: ['', ''] },
      after: { version: 2, body: 'Be fair and kind.', examples: ['Yes.', ''] },
    });
    for (const version of ['0', '3', '-1', '1.5', 'one', '999999999999']) await refusal(change(version), 'not_found');
    await refusal(listGuidelines(annotator, db, projectId), 'forbidden');
    await refusal(viewGuidelineChange(annotator, db, projectId, '1'), 'forbidden');
    for (const outsider of outsiders) {
      await refusal(listGuidelines(outsider, db, projectId), 'not_found');
      await refusal(viewGuidelineChange(outsider, db, projectId, '1'), 'not_found');
    }
  });

  it('outlive the account of who wrote them', async () => {
    const { db, projectId, researcher, publish } = await started();
    await publish(0, 'Be fair.');
    await db.delete(users).where(eq(users.id, researcher.userId));
    const admin = { ...researcher, role: 'admin' as const };
    expect(await listGuidelines(admin, db, projectId)).toMatchObject([{ version: 1, author: null }]);
  });

  it('also come with a new project', async () => {
    const { db, researcher } = await started();
    const { id } = await createProject(researcher, db, { name: 'Another', guidelines: 'Be fair.' });
    const { current, acknowledged } = await viewGuidelines(researcher, db, id);
    expect(current).toMatchObject({ version: 1, body: 'Be fair.' });
    expect(acknowledged).toEqual(current);
  });

  it('are written by the project’s researchers and read by those who are in it', async () => {
    const { db, projectId, annotator, outsiders, publish } = await started();
    await publish(0, 'Be fair.');
    const request = { baseVersion: 1, body: 'Be unfair.', examples: [] };
    await refusal(publishGuidelines(annotator, db, projectId, request), 'forbidden');
    for (const outsider of outsiders) {
      await refusal(publishGuidelines(outsider, db, projectId, request), 'not_found');
      await refusal(viewGuidelines(outsider, db, projectId), 'not_found');
      await refusal(acknowledgeGuidelines(outsider, db, projectId, 1), 'not_found');
    }
  });
});
