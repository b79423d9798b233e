import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { snapshotRecordSchema } from '@/trainer/contract/record';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { annotate, collect, encode, projectWithPeople, promptFile, refusal } from './people.test-support';
import { previewHeuristics } from './preview-heuristics';
import { updateProject, viewProject } from './projects';
import { exportSnapshot } from './read-snapshot';

/** Without labels of responses, which their texts end in. */
const unlabelled = (count: number) =>
  encode(
    Array.from({ length: count }, (_, i) =>
      JSON.stringify({
        external_id: `q${i}`,
        prompt: `How many are ${i}?`,
        reference_label: 'B',
        responses: [
          { id: 'a', text: 'I count. Answer: b', source: 'm1' },
          { id: 'b', text: 'I guess. Answer: C', source: 'm2' },
          { id: 'c', text: 'I cannot say.', source: 'm3' },
        ],
      }),
    ).join('\n'),
  );
const PATTERN = 'Answer: (\\w)';

describeOnEachDatabase('the orders by rule of a project', (database) => {
  const made = async (file: Uint8Array) => {
    const db = database();
    const people = await projectWithPeople(db);
    await importPrompts(people.researcher, db, people.projectId, file);
    return { db, ...people };
  };

  it('are previewed with what each gives, before anything is saved', async () => {
    const { db, researcher, projectId } = await made(unlabelled(4));
    const preview = (labelPattern: string | null) => previewHeuristics(researcher, db, projectId, { labelPattern });
    const orders = (found: Awaited<ReturnType<typeof preview>>) =>
      Object.fromEntries(
        found.orders.map(({ strategy, pairs, promptsWithoutPairs }) => [strategy, [pairs, promptsWithoutPairs]]),
      );
    const without = await preview(null);
    expect(without).toMatchObject({ prompts: 4, of: 4, withReference: 4, withHuman: 0, labels: { none: 12 } });
    expect(orders(without)).toEqual({ human: [0, 4], label: [0, 4], hybrid: [0, 4], full: [0, 4] });
    const found = await preview(PATTERN);
    expect(found.labels).toEqual({ imported: 0, found: 8, none: 4 });
    expect(orders(found)).toEqual({ human: [0, 4], label: [4, 0], hybrid: [4, 0], full: [0, 4] });
    expect(found.samples[0]).toMatchObject({ id: 'q0', excerpt: 'How many are 0?', referenceLabel: 'B' });
    expect(found.samples[0]!.responses.map(({ label, places }) => [label, places.label])).toEqual([
      ['B', 1],
      ['C', 2],
      [null, null],
    ]);
  });

  it('count human responses and imported labels, and give the places of each order', async () => {
    const { db, researcher, projectId } = await made(promptFile(3));
    const { labels, orders, samples, withHuman } = await previewHeuristics(researcher, db, projectId, {
      labelPattern: null,
    });
    expect([withHuman, labels]).toEqual([3, { imported: 9, found: 0, none: 0 }]);
    expect(orders.map(({ pairs }) => pairs)).toEqual([6, 6, 9, 9]);
    const places = samples[0]!.responses.map(({ places: one }) => [one.human, one.label, one.hybrid, one.full]);
    expect(places).toEqual([
      [2, 1, 2, 2],
      [1, 1, 1, 1],
      [2, 2, 3, 3],
    ]);
  });

  it('decide a snapshot, whose records have the labels and whose header has the pattern', async () => {
    const { db, researcher, projectId } = await made(unlabelled(2));
    const make = async (strategy: 'label' | 'annotations') => {
      const { snapshot } = await createSnapshot(researcher, db, projectId, { name: strategy, strategy });
      const { lines } = await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('records'));
      const [first] = (await collect(lines)).split('\n');
      return { header: snapshot.header, record: snapshotRecordSchema.parse(JSON.parse(first!)) };
    };
    const before = await make('label');
    expect([before.record.pairs, before.header.filters.label_pattern]).toEqual([[], undefined]);
    const saved = await updateProject(researcher, db, projectId, {
      baseVersion: 1,
      snapshotStrategy: 'label',
      labelPattern: PATTERN,
    });
    expect(saved).toMatchObject({ snapshotStrategy: 'label', labelPattern: PATTERN });
    const after = await make('label');
    expect(after.record.pairs.map(({ chosen, rejected }) => [chosen, rejected])).toEqual([['a', 'b']]);
    expect(after.record.responses.map(({ label }) => label)).toEqual(['B', 'C', undefined]);
    expect(after.header.filters.label_pattern).toBe(PATTERN);
  });

  it('leave snapshots of annotations as they were, byte for byte', async () => {
    const { db, researcher, annotator, projectId } = await made(unlabelled(2));
    await annotate(db, annotator, { projectId, externalId: 'q0' }, { a: 1, b: 0 });
    const make = (name: string) => createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
    const { snapshot } = await make('Before');
    await updateProject(researcher, db, projectId, { baseVersion: 1, labelPattern: PATTERN });
    expect(await make('After')).toMatchObject({ created: false, snapshot: { id: snapshot.id } });
  });

  it('are refused with what is wrong of a pattern, and are nobody else’s to see', async () => {
    const { db, researcher, annotator, projectId } = await made(unlabelled(1));
    for (const attempt of [
      () => updateProject(researcher, db, projectId, { baseVersion: 1, labelPattern: '(' }),
      () => previewHeuristics(researcher, db, projectId, { labelPattern: '(' }),
    ]) {
      expect((await refusal(attempt(), 'invalid')).message).toMatch(/cannot|missing|can be used/);
    }
    const large = updateProject(researcher, db, projectId, { baseVersion: 1, labelPattern: '(a|b|c|d){900}' });
    expect((await refusal(large, 'invalid')).message).toContain('too large');
    await updateProject(researcher, db, projectId, { baseVersion: 1, snapshotStrategy: 'full', labelPattern: 'x' });
    const { project } = await viewProject(annotator, db, projectId);
    expect(project).toMatchObject({ snapshotStrategy: 'annotations', labelPattern: null });
  });
});
