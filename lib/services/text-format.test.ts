import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { updateProjectSchema } from '@/lib/schemas/account';
import { textFormats } from '@/lib/schemas/text-format';
import { projectWithPeople, refusal } from './people.test-support';
import { updateProject, viewProject } from './projects';

describeOnEachDatabase('how texts are shown', (database) => {
  it('is decided for each text until a researcher says otherwise; annotators are told', async () => {
    const { projectId, researcher, annotator } = await projectWithPeople(database());
    const seen = async () => (await viewProject(annotator, database(), projectId)).project.textFormat;
    expect(await seen()).toBe('auto');
    for (const textFormat of textFormats.toReversed()) {
      const { project } = await viewProject(researcher, database(), projectId);
      const changes = updateProjectSchema.parse({ textFormat, baseVersion: project.settingsVersion });
      await updateProject(researcher, database(), projectId, changes);
      expect(await seen()).toBe(textFormat);
    }
    await refusal(
      updateProject(annotator, database(), projectId, { textFormat: 'plain', baseVersion: 1 }),
      'forbidden',
    );
  });

  it('names tags around thinking, none at first; annotators are told', async () => {
    const { projectId, researcher, annotator } = await projectWithPeople(database());
    const seen = async () => (await viewProject(annotator, database(), projectId)).project.thinkingTags;
    expect(await seen()).toEqual([]);
    const changes = updateProjectSchema.parse({ thinkingTags: ['scratch', 'plan'], baseVersion: 1 });
    await updateProject(researcher, database(), projectId, changes);
    expect(await seen()).toEqual(['scratch', 'plan']);
  });
});

it('is one of three', () => {
  expect(updateProjectSchema.safeParse({ textFormat: 'html', baseVersion: 1 }).success).toBe(false);
});
