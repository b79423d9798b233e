import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { prompts } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { splitOfPrompt } from '@/lib/ranking/selection';
import { createSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { snapshotRecordSchema } from '@/trainer/contract/record';
import { createSnapshot, previewSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { importSnapshot } from './import-snapshot';
import {
  annotate,
  collect,
  encode,
  projectWithPeople,
  promptFile,
  refusal,
  type TestProject,
} from './people.test-support';
import { changeMark } from './prompt-marks';
import { exportSnapshot, listSnapshots } from './read-snapshot';

describeOnEachDatabase('the selection of a snapshot', (database) => {
  let db: Database;
  let project: TestProject;
  beforeEach(async () => {
    db = database();
    project = await projectWithPeople(db);
    await importPrompts(project.researcher, db, project.projectId, promptFile(8));
    const { annotator, other, projectId } = project;
    for (let i = 0; i < 8; i++) await annotate(db, annotator, { projectId, externalId: `p${i}` }, { a: 0, b: 1, c: 3 });
    for (const externalId of ['p2', 'p3']) await annotate(db, other, { projectId, externalId }, { a: 0, b: 1, c: 3 });
  });

  const wanted = (selection?: object) =>
    createSnapshotRequestSchema.parse({ name: 'S', ...(selection && { selection }) });
  const make = async (selection?: object) => {
    const { snapshot, created } = await createSnapshot(project.researcher, db, project.projectId, wanted(selection));
    const { lines } = await exportSnapshot(project.researcher, db, snapshot.id, snapshotWriter('records'));
    const text = await collect(lines);
    const records = text
      .trim()
      .split('\n')
      .map((line) => snapshotRecordSchema.parse(JSON.parse(line)));
    return { snapshot, created, records, text, names: records.map(({ id }) => id as string) };
  };
  const preview = async (selection?: object) => {
    const { name: _, ...request } = wanted(selection);
    return previewSnapshot(project.researcher, db, project.projectId, request);
  };
  const idOf = async (externalId: string) => {
    const [row] = await db
      .select()
      .from(prompts)
      .where(and(eq(prompts.projectId, project.projectId), eq(prompts.externalId, externalId as never)));
    return row!.id;
  };

  it('is nothing where it is absent: header and records are what they were', async () => {
    const { snapshot, text } = await make();
    expect(Object.keys(snapshot.header.filters).sort()).toEqual(['annotated_only', 'consensus', 'held_back']);
    expect(text).not.toContain('split');
    // A selection that selects everything has the same content, so it is the same snapshot.
    expect(await make({ leastAnnotators: 1 })).toMatchObject({ created: false, snapshot: { hash: snapshot.hash } });
  });

  it('takes prompts by priority, language, source, annotators, flags and days', async () => {
    const { projectId, annotator } = project;
    await db
      .update(prompts)
      .set({ priority: 5, language: 'ja' })
      .where(eq(prompts.id, await idOf('p1')));
    await db
      .update(prompts)
      .set({ createdAt: new Date('2020-02-01T23:59:59Z') })
      .where(eq(prompts.id, await idOf('p4')));
    await changeMark(annotator, db, projectId, {
      promptId: await idOf('p0'),
      idempotencyKey: randomUUID(),
      kind: 'flagged',
      mark: { kind: 'flagged', note: '' },
    });
    expect((await make({ leastPriority: 1 })).names).toEqual(['p1']);
    expect((await make({ leastAnnotators: 2 })).names).toEqual(['p2', 'p3']);
    expect((await make({ withoutFlagged: true })).names).not.toContain('p0');
    expect((await make({ importedUntil: '2020-02-01' })).names).toEqual(['p4']);
    expect((await preview({ importedUntil: '2020-01-31' })).counts.prompts).toBe(0);
    expect((await make({ importedFrom: '2020-02-02' })).names).not.toContain('p4');
    expect((await preview({ source: 'model-b' })).counts.prompts).toBe(8);
    await refusal(make({ source: 'nobody' }), 'invalid');
    // The same one as by priority.
    expect(await make({ language: 'JA' })).toMatchObject({ created: false, names: ['p1'] });
    expect((await listSnapshots(project.researcher, db, projectId)).snapshots).toHaveLength(5);
  });

  it('splits by prompt, and says in its header what makes it again', async () => {
    const selection = { seed: 4, split: { validation: 30, test: 30 } };
    const { snapshot, records } = await make(selection);
    const splits = records.map(({ split }) => split);
    expect(splits).toEqual(records.map(({ id }) => splitOfPrompt(id, 4, selection.split)));
    expect(snapshot.header.filters.selection).toEqual(selection);
    const count = (name: string) => splits.filter((split) => split === name).length;
    expect(snapshot.header.filters.selected).toMatchObject({
      splits: { train: count('train'), validation: count('validation'), test: count('test') },
    });
    expect(await make(snapshot.header.filters.selection as object)).toMatchObject({ created: false });
    // New prompts move no other.
    await importPrompts(project.researcher, db, project.projectId, promptFile(20, { from: 8 }));
    await annotate(db, project.annotator, { projectId: project.projectId, externalId: 'p20' }, { a: 0, b: 1 });
    const later = (await make(selection)).records;
    expect(later.slice(0, 8).map(({ split }) => split)).toEqual(splits);
  });

  it('takes pairs by margin, and so many of a prompt, the same ones each time', async () => {
    const { records, snapshot } = await make({ leastMargin: 2, pairsPerPrompt: 1 });
    expect(records.map(({ pairs }) => pairs.length)).toEqual(Array(8).fill(1));
    expect(records.flatMap(({ pairs }) => pairs).every(({ margin }) => margin >= 2)).toBe(true);
    expect(snapshot.header.filters.selected).toEqual({
      prompts_left_out: 0,
      pairs_below_margin: 8,
      pairs_above_cap: 8,
      splits: null,
    });
    expect(await make({ leastMargin: 2, pairsPerPrompt: 1 })).toMatchObject({ created: false });
  });

  it('is previewed with the numbers that the snapshot then has, and leaves nothing behind', async () => {
    const selection = { leastAnnotators: 2, leastMargin: 2, split: { validation: 50, test: 0 } };
    const before = await preview(selection);
    expect((await listSnapshots(project.researcher, db, project.projectId)).snapshots).toEqual([]);
    const { snapshot } = await make(selection);
    expect(snapshot.header.counts).toEqual(before.counts);
    expect(snapshot.header.filters.selected).toEqual(before.selected);
    expect(before.selected.prompts_left_out).toBe(6);
  });

  it('is in what is exported whole and imported elsewhere', async () => {
    const { snapshot } = await make({ split: { validation: 40, test: 40 } });
    const { lines } = await exportSnapshot(project.researcher, db, snapshot.id, snapshotWriter('bundle'));
    const elsewhere = await projectWithPeople(db);
    const { snapshot: copy } = await importSnapshot(
      elsewhere.researcher,
      db,
      elsewhere.projectId,
      encode(await collect(lines)),
    );
    expect(copy.hash).toBe(snapshot.hash);
    expect(copy.header.filters).toEqual(snapshot.header.filters);
  });

  it('leaves prompts for training', () => {
    expect(
      createSnapshotRequestSchema.safeParse({ name: 'S', selection: { split: { validation: 50, test: 45 } } }).success,
    ).toBe(false);
  });
});
