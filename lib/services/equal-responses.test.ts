import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { placements, prompts, responses } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { annotationWriter, snapshotWriter } from '@/lib/formats/registry';
import type { Placement } from '@/trainer/contract/judgement';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { addResponses } from './add-responses';
import { createSnapshot } from './create-snapshot';
import { exportAnnotations } from './export-annotations';
import { goldFeedback, setGold } from './gold';
import { importPrompts } from './import-prompts';
import { collect, encode, parseAnnotationLine, projectWithPeople, refusal } from './people.test-support';
import { exportSnapshot } from './read-snapshot';
import { saveAnnotation } from './save-annotation';
import { getNextTasks, getTask } from './tasks';

const line = (id: string, texts: Record<string, string>) =>
  JSON.stringify({
    id,
    prompt: `Ask ${id}?`,
    responses: Object.entries(texts).map(([name, text]) => ({ id: name, text, source: `model-${name}` })),
  });
const three = { a: 'Same.', b: 'Same.\n', c: 'Other.' };

async function imported(db: Database, ...lines: string[]) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, encode(lines.join('\n')));
  const rows = await db.select().from(prompts).where(eq(prompts.projectId, people.projectId)).orderBy(prompts.position);
  const idsOf = async (promptId: string) =>
    new Map(
      (await db.select().from(responses).where(eq(responses.promptId, promptId))).map((row) => [
        row.externalId,
        row.id,
      ]),
    );
  return { ...people, prompts: rows, idsOf };
}

const save = (
  db: Database,
  actor: Actor,
  { projectId, promptId }: { projectId: string; promptId: string },
  tiers: readonly (readonly [string, number])[],
  { key = randomUUID(), baseVersion = 0 } = {},
) =>
  saveAnnotation(actor, db, projectId, {
    promptId,
    idempotencyKey: key,
    baseVersion,
    allBad: false,
    timeOnTaskMs: 1,
    placements: tiers.map(([responseId, tier]): Placement => ({ responseId, state: 'placed', tier })),
  });

async function recordsOf(db: Database, actor: Actor, projectId: string): Promise<SnapshotRecord[]> {
  const { snapshot } = await createSnapshot(actor, db, projectId, { name: 'S', strategy: 'annotations' });
  const text = await collect((await exportSnapshot(actor, db, snapshot.id, snapshotWriter('records'))).lines);
  return text
    .trimEnd()
    .split('\n')
    .map((record) => JSON.parse(record) as SnapshotRecord);
}

describeOnEachDatabase('responses that say the same', (database) => {
  it('are one card, stored once, and tied wherever the judgement is read', async () => {
    const db = database();
    const { projectId, researcher, annotator, prompts: rows, idsOf } = await imported(db, line('p', three));
    const [prompt] = rows;
    const ids = await idsOf(prompt!.id);
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 5 });
    expect(tasks[0]!.responses.map(({ id }) => id).sort()).toEqual([ids.get('a')!, ids.get('c')!].sort());

    await save(db, annotator, { projectId, promptId: prompt!.id }, [
      [ids.get('a')!, 2],
      [ids.get('c')!, 0],
    ]);
    expect(
      await db
        .select()
        .from(placements)
        .where(eq(placements.responseId, ids.get('b')!)),
    ).toEqual([]);
    expect((await getNextTasks(annotator, db, projectId, { exclude: [], count: 5 })).tasks).toEqual([]);

    const [record] = await recordsOf(db, researcher, projectId);
    expect(record!.responses.map(({ id, tier }) => [id, tier])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 0],
    ]);
    expect(record!.pairs.map(({ chosen, rejected }) => `${chosen}>${rejected}`)).toEqual(['c>a', 'c>b']);
    expect(record!.target).toBe('c');
    const exported = parseAnnotationLine(
      (await collect((await exportAnnotations(researcher, db, projectId, annotationWriter)).lines)).trimEnd(),
    );
    expect(exported.placements.map(({ response, tier }) => [response, tier])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 0],
    ]);
  });

  it('may all be the same: one card, and no pair', async () => {
    const db = database();
    const {
      projectId,
      researcher,
      annotator,
      prompts: rows,
      idsOf,
    } = await imported(db, line('p', { a: 'e\u0301', b: '\u00e9' }));
    const ids = await idsOf(rows[0]!.id);
    await save(db, annotator, { projectId, promptId: rows[0]!.id }, [[ids.get('a')!, 1]]);
    const [record] = await recordsOf(db, researcher, projectId);
    expect(record!.pairs).toEqual([]);
    expect(record!.responses.map(({ tier }) => tier)).toEqual([1, 1]);
  });

  it('that somebody places apart, on a board from before, count as the first; a retry of it is the same', async () => {
    const db = database();
    const { projectId, researcher, annotator, prompts: rows, idsOf } = await imported(db, line('p', three));
    const ids = await idsOf(rows[0]!.id);
    const apart = [
      [ids.get('b')!, 0],
      [ids.get('a')!, 3],
      [ids.get('c')!, 1],
    ] as const;
    const key = randomUUID();
    expect(await save(db, annotator, { projectId, promptId: rows[0]!.id }, apart, { key })).toMatchObject({
      created: true,
    });
    expect(await save(db, annotator, { projectId, promptId: rows[0]!.id }, apart, { key })).toMatchObject({
      created: false,
    });
    await refusal(
      save(db, annotator, { projectId, promptId: rows[0]!.id }, [[ids.get('a')!, 0], apart[2]], { key }),
      'conflict',
    );
    const task = await getTask(annotator, db, projectId, rows[0]!.id);
    expect(new Map(task.annotation!.placements.map(({ responseId, tier }) => [responseId, tier]))).toEqual(
      new Map([
        [ids.get('a')!, 3],
        [ids.get('c')!, 1],
      ]),
    );
    const [record] = await recordsOf(db, researcher, projectId);
    expect(record!.responses.map(({ tier }) => tier)).toEqual([3, 3, 1]);
  });

  it('still need a placement of each text, and of no other prompt', async () => {
    const db = database();
    const { projectId, annotator, prompts: rows, idsOf } = await imported(db, line('p', three), line('q', three));
    const ids = await idsOf(rows[0]!.id);
    const other = await idsOf(rows[1]!.id);
    await refusal(save(db, annotator, { projectId, promptId: rows[0]!.id }, [[ids.get('a')!, 0]]), 'invalid');
    await refusal(
      save(db, annotator, { projectId, promptId: rows[0]!.id }, [
        [ids.get('a')!, 0],
        [ids.get('c')!, 0],
        [other.get('a')!, 0],
      ]),
      'invalid',
    );
  });

  it('and that are added later add nothing: nobody is asked again for what was judged', async () => {
    const db = database();
    const { projectId, researcher, annotator, prompts: rows, idsOf } = await imported(db, line('p', three));
    const ids = await idsOf(rows[0]!.id);
    await save(db, annotator, { projectId, promptId: rows[0]!.id }, [
      [ids.get('a')!, 2],
      [ids.get('c')!, 0],
    ]);
    const more = { ...three, d: ' Other. ', e: 'Same.' };
    expect(await importPrompts(researcher, db, projectId, encode(line('p', more)))).toMatchObject({
      unchanged: 1,
      extended: 0,
    });
    const added = await addResponses(researcher, db, projectId, {
      source: 'm',
      prompts: [{ promptId: rows[0]!.id, responses: [{ text: '\u00a0Same.' }, { text: 'New.' }] }],
    });
    expect(added).toMatchObject({ responses: 1, duplicates: 1 });
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 5 });
    expect(tasks[0]!.responses).toHaveLength(3);
  });
});

describeOnEachDatabase('gold feedback', (database) => {
  it('goes by the first version: who edits it was told the answer', async () => {
    const db = database();
    const { projectId, researcher, annotator, prompts: rows, idsOf } = await imported(db, line('p', three));
    const ids = await idsOf(rows[0]!.id);
    const [a, c] = [ids.get('a')!, ids.get('c')!];
    await save(db, researcher, { projectId, promptId: rows[0]!.id }, [
      [a, 2],
      [c, 0],
    ]);
    await setGold(researcher, db, projectId, rows[0]!.id, 'C is right.');
    await save(db, annotator, { projectId, promptId: rows[0]!.id }, [
      [a, 0],
      [c, 2],
    ]);
    const feedback = () => goldFeedback(annotator, db, projectId, rows[0]!.id);
    // One pair of texts, though three responses are there.
    expect(await feedback()).toMatchObject({ share: 0, pairs: [{ verdict: 'contradicted' }] });
    await save(
      db,
      annotator,
      { projectId, promptId: rows[0]!.id },
      [
        [a, 2],
        [c, 0],
      ],
      { baseVersion: 1 },
    );
    expect(await feedback()).toMatchObject({ share: 0, pairs: [{ verdict: 'contradicted' }] });
    expect(new Map((await feedback()).responses.map(({ id, given }) => [id, given]))).toEqual(
      new Map([
        [a, 0],
        [c, 2],
      ]),
    );
  });

  it('needs two texts that are placed, not two responses', async () => {
    const db = database();
    const { projectId, researcher, prompts: rows, idsOf } = await imported(db, line('p', { a: 'x', b: 'x ' }));
    const ids = await idsOf(rows[0]!.id);
    await save(db, researcher, { projectId, promptId: rows[0]!.id }, [
      [ids.get('a')!, 0],
      [ids.get('b')!, 1],
    ]);
    await refusal(setGold(researcher, db, projectId, rows[0]!.id, ''), 'invalid');
  });
});
