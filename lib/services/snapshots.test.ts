import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { snapshotRecords, snapshots } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { bundleHeaderLine } from '@/lib/formats/snapshot-bundle';
import { recordLine } from '@/lib/formats/snapshot-records';
import { trlPreferenceSchema } from '@/lib/formats/trl-preference';
import { snapshotHeaderSchema } from '@/lib/schemas/snapshot';
import { type SnapshotRecord, snapshotRecordSchema } from '@/trainer/contract/record';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { importSnapshot } from './import-snapshot';
import { annotate, collect, encode, english, projectWithPeople, promptFile, refusal } from './people.test-support';
import { exportSnapshot, getSnapshot, listSnapshots } from './read-snapshot';

const exported = async (db: Database, actor: Actor, id: string, kind: string) =>
  collect((await exportSnapshot(actor, db, id, snapshotWriter(kind))).lines);
const parsed = (text: string): SnapshotRecord[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => snapshotRecordSchema.parse(JSON.parse(line)));

async function imported(db: Database, prompts = 5) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, promptFile(prompts));
  return people;
}

describeOnEachDatabase('a snapshot', (database) => {
  it('of annotations holds the annotated prompts, with tiers, pairs, ledgers and a target', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await imported(db);
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0, b: 1, c: 3 });
    await annotate(db, other, { projectId, externalId: 'p1' }, { a: 0, c: 2 });
    await annotate(db, annotator, { projectId, externalId: 'p3' }, { a: 2, b: 2 }, { allBad: true });
    const { snapshot, created } = await createSnapshot(researcher, db, projectId, {
      name: 'One',
      strategy: 'annotations',
    });
    expect(created).toBe(true);
    expect(snapshot).toMatchObject({ promptCount: 2, pairCount: 3, strategy: 'annotations', name: 'One' });
    expect(snapshotHeaderSchema.parse(snapshot.header)).toEqual(snapshot.header);
    expect(snapshot.counts).toEqual({ prompts: 2, responses: 6, pairs: 3, annotations: 3, dropped_pairs: 0 });
    const [p1, p3] = parsed(await exported(db, researcher, snapshot.id, 'records'));
    expect(p1!.responses.map(({ id, tier }) => `${id}${tier}`)).toEqual(['b1', 'a0', 'c2']);
    expect(p1!.target).toBe('a');
    expect(
      p1!.pairs
        .map(({ chosen, rejected, margin, support }) => `${chosen}>${rejected} ${margin} ${support.length}`)
        .sort(),
    ).toEqual(['a>b 1 1', 'a>c 2 2', 'b>c 2 1'].sort());
    expect(p3).toMatchObject({ id: 'p3', pairs: [], target: null });
    const names = new Set(p1!.pairs.flatMap(({ support }) => support));
    expect(names.size).toBe(2);
    for (const name of names) expect(name).toMatch(/^annotator-[0-9a-f]{10}$/);
    expect(JSON.stringify(p1)).not.toContain(annotator.userId);
  });

  it('of a heuristic orders what nobody annotated, and people override it prompt by prompt', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await imported(db, 3);
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { c: 0, b: 1 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'H', strategy: 'hybrid' });
    const records = parsed(await exported(db, researcher, snapshot.id, 'records'));
    const pairs = records.map((record) => record.pairs.map(({ chosen, rejected }) => `${chosen}>${rejected}`).sort());
    expect(pairs).toEqual([['a>b', 'a>c', 'b>c'], ['c>b'], ['a>b', 'a>c', 'b>c']]);
    expect(records.map(({ target }) => target)).toEqual(['a', 'c', 'a']);
    expect(records[0]!.pairs.every(({ support }) => support.length === 0)).toBe(true);
  });

  it('reports what it dropped and why', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await imported(db, 2);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    await annotate(db, other, { projectId, externalId: 'p0' }, { a: 1, b: 0, c: 2 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'D', strategy: 'annotations' });
    expect(snapshot.counts.dropped_pairs).toBe(1);
    expect(snapshot.header.filters.dropped).toEqual({ contradicted: 1 });
    expect(snapshot.header.dropped).toMatchObject([{ prompt: 'p0', reason: 'contradicted' }]);
    expect(snapshot.pairCount).toBe(2);
  });

  it('is the earlier one when nothing changed, and another as soon as something did', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await imported(db, 2);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    const make = (name: string) => createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
    const first = await make('First');
    const second = await make('Second');
    expect(second).toMatchObject({ created: false, snapshot: { id: first.snapshot.id, name: 'First' } });
    expect((await listSnapshots(researcher, db, projectId)).snapshots).toHaveLength(1);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 1, b: 0 }, { baseVersion: 1 });
    const third = await make('Third');
    expect(third.snapshot.hash).not.toBe(first.snapshot.hash);
    // The earlier one stays as it was.
    expect(parsed(await exported(db, researcher, first.snapshot.id, 'records'))[0]!.target).toBe('a');
    expect((await listSnapshots(researcher, db, projectId)).snapshots.map(({ name }) => name)).toEqual([
      'Third',
      'First',
    ]);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 }, { baseVersion: 2 });
    expect(await make('Back')).toMatchObject({ created: false, snapshot: { id: first.snapshot.id } });
  });

  it('made twice at the same moment is one', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 4);
    const both = await Promise.all(
      ['x', 'y', 'z'].map((name) => createSnapshot(researcher, db, projectId, { name, strategy: 'human' })),
    );
    expect(new Set(both.map(({ snapshot }) => snapshot.id)).size).toBe(1);
    expect(both.filter(({ created }) => created)).toHaveLength(1);
    expect(await db.select().from(snapshots).where(eq(snapshots.projectId, projectId))).toHaveLength(1);
  });

  it('with nothing in it is refused, and leaves nothing behind', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 2);
    const make = (strategy: 'annotations' | 'human', heldBack?: string[]) =>
      refusal(createSnapshot(researcher, db, projectId, { name: 'E', strategy, heldBack }), 'invalid');
    expect((await make('annotations')).message).toMatch(/Nobody has annotated/);
    expect((await make('human', ['p0', 'p1'])).message).toMatch(/held back/);
    expect(await db.select().from(snapshots).where(eq(snapshots.projectId, projectId))).toEqual([]);
  });

  it('is exported losslessly: the hash of the records is its hash, a bundle imports under the same one', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await imported(db, 231);
    await annotate(db, annotator, { projectId, externalId: 'p7' }, { a: 0, b: 1 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, {
      name: 'Whole',
      strategy: 'full',
      heldBack: ['p3'],
    });
    expect(snapshot.promptCount).toBe(230);
    const records = await exported(db, researcher, snapshot.id, 'records');
    expect(createHash('sha256').update(records).digest('hex')).toBe(snapshot.hash);
    expect(parsed(records).map(({ id }) => id)).not.toContain('p3');
    const bundle = await exported(db, researcher, snapshot.id, 'bundle');

    expect(await importSnapshot(researcher, db, projectId, encode(bundle))).toMatchObject({
      created: false,
      snapshot: { id: snapshot.id },
    });
    const elsewhere = await projectWithPeople(db);
    const copy = await importSnapshot(elsewhere.researcher, db, elsewhere.projectId, encode(bundle));
    expect(copy).toMatchObject({
      created: true,
      snapshot: { hash: snapshot.hash, header: snapshot.header, pairCount: snapshot.pairCount },
    });
    expect(await exported(db, elsewhere.researcher, copy.snapshot.id, 'bundle')).toBe(bundle);
    expect(await getSnapshot(elsewhere.researcher, db, copy.snapshot.id)).toEqual(copy.snapshot);
  });

  it('is refused on import when a byte was changed, a line is gone or the counts lie', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 3);
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'X', strategy: 'hybrid' });
    const bundle = await exported(db, researcher, snapshot.id, 'bundle');
    const target = await projectWithPeople(db);
    const attempt = (text: string) =>
      refusal(importSnapshot(target.researcher, db, target.projectId, encode(text)), 'invalid');
    const lines = bundle.trimEnd().split('\n');
    expect((await attempt(bundle.replace('Ask 1?', 'Ask 7?'))).message).toMatch(/hash/);
    expect((await attempt(lines.slice(0, -1).join('\n'))).message).toMatch(/hash/);
    expect((await attempt([lines[0], lines[2], lines[1], lines[3]].join('\n'))).message).toMatch(/hash/);
    expect((await attempt(bundle.replace('"pairs":9,', '"pairs":8,'))).message).toMatch(
      /says 8 pairs, but there are 9/,
    );
    expect((await attempt(lines.slice(1).join('\n'))).message).toMatch(/Line 1: not a snapshot header/);
    expect((await attempt(`${lines[0]}\n{`)).message).toMatch(/Line 2/);
    expect((await listSnapshots(target.researcher, db, target.projectId)).snapshots).toEqual([]);
  });

  it('is stored as it counts where a record lists a pair twice, and the difference is told by line', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 2);
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'X', strategy: 'human' });
    const bundle = await exported(db, researcher, snapshot.id, 'bundle');
    const [, ...records] = bundle.trimEnd().split('\n');
    const twice = {
      ...JSON.parse(records[0]!),
      pairs: [...JSON.parse(records[0]!).pairs, JSON.parse(records[0]!).pairs[0]],
    };
    const lines = [recordLine(twice), records[1]!];
    const hash = createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex');
    const pairs = snapshot.pairCount + 1;
    const header = { ...snapshot.header, hash, counts: { ...snapshot.header.counts, pairs } };
    const target = await projectWithPeople(db);
    const file = encode([bundleHeaderLine(header), ...lines].join('\n'));
    const copy = await importSnapshot(target.researcher, db, target.projectId, file);
    expect(copy.notes.map(({ line, reason }) => [line, english(reason)])).toEqual([
      [2, 'pairs that are listed more than once count once: "a" before "b"'],
    ]);
    // What is left is what the app itself had made.
    expect(copy.snapshot).toMatchObject({ hash: snapshot.hash, pairCount: snapshot.pairCount });
    expect(await exported(db, target.researcher, copy.snapshot.id, 'records')).toBe(`${records.join('\n')}\n`);
  });

  it('exports its pairs as TRL preference rows', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 2);
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'T', strategy: 'human' });
    const rows = (await exported(db, researcher, snapshot.id, 'pairs'))
      .trimEnd()
      .split('\n')
      .map((line) => trlPreferenceSchema.parse(JSON.parse(line)));
    expect(rows).toHaveLength(snapshot.pairCount);
    expect(rows[0]).toEqual({
      prompt: [{ role: 'user', content: 'Ask 0?' }],
      chosen: [{ role: 'assistant', content: 'It follows from what was said.' }],
      rejected: [{ role: 'assistant', content: 'It follows, as model b says.' }],
      margin: 1,
    });
  });

  it('keeps its lines when its project is read page by page', async () => {
    const db = database();
    const { projectId, researcher } = await imported(db, 401);
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'P', strategy: 'human' });
    const rows = await db.select().from(snapshotRecords).where(eq(snapshotRecords.snapshotId, snapshot.id));
    expect(rows.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 401 }, (_, i) => i),
    );
  });
});
