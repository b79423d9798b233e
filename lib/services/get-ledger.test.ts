import { expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { type LedgerPrompt, type LedgerQuery, ledgerCursor, ledgerPageSchema } from '@/lib/schemas/ledger';
import { createSnapshot } from './create-snapshot';
import { exportLedger, getLedger } from './get-ledger';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, collect, projectWithPeople, promptFile } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { getNextTasks } from './tasks';

async function judged(db: Database) {
  const people = await projectWithPeople(db);
  const { projectId, researcher, annotator, other } = people;
  await importPrompts(researcher, db, projectId, promptFile(4));
  const on = (externalId: string) => ({ projectId, externalId });
  await annotate(db, annotator, on('p1'), { a: 0, b: 1, c: 1 });
  await annotate(db, other, on('p1'), { a: 1, b: 0, c: 2 });
  await annotate(db, annotator, on('p3'), { a: 0, b: 1, c: 2 });
  return people;
}
const told = (prompts: readonly LedgerPrompt[]) =>
  prompts.flatMap(({ externalId, pairs }) =>
    pairs.map(({ better, worse, outcome, support, against, tied }) => {
      const votes = [support, against, tied].map(({ length }) => length).join('/');
      return `${externalId} ${better}>${worse} ${outcome} ${votes}`;
    }),
  );
const page = async (actor: Actor, db: Database, projectId: string, query: LedgerQuery = {}) =>
  ledgerPageSchema.parse(await getLedger(actor, db, projectId, query));

describeOnEachDatabase('the ledger', (database) => {
  it('says of each pair who is for it, who is against it, and what became of it; gold prompts are not in it', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await judged(db);
    await annotate(db, researcher, { projectId, externalId: 'p2' }, { a: 0, b: 1, c: 2 });
    const { tasks } = await getNextTasks(other, db, projectId, { exclude: [], count: 4 });
    await setGold(researcher, db, projectId, tasks.find(({ externalId }) => externalId === 'p2')!.promptId, '');
    const { prompts, names, next, looked, rule } = await page(researcher, db, projectId);
    expect(rule).toEqual({ quorum: 'majority', maxAgainst: 0 });
    expect({ next, looked }).toEqual({ next: null, looked: 2 });
    // Responses in the order of import, which is b, a, c.
    expect(told(prompts).sort()).toEqual(
      [
        'p1 a>c kept 2/0/0',
        'p1 b>a contradicted 1/1/0',
        'p1 b>c unsupported 1/0/1',
        'p3 a>b kept 1/0/0',
        'p3 a>c kept 1/0/0',
        'p3 b>c kept 1/0/0',
      ].sort(),
    );
    expect(prompts[0]!.pairs.find(({ outcome }) => outcome === 'kept')!.support.toSorted()).toEqual(
      [annotator.userId, other.userId].sort(),
    );
    expect(Object.keys(names)).toContain(other.userId);
    // It is what a snapshot keeps and drops.
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 's', strategy: 'annotations' });
    const outcomes = prompts.flatMap(({ pairs }) => pairs.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === 'kept' || outcome === 'implied')).toHaveLength(
      snapshot.counts.pairs,
    );
    expect(outcomes.filter((outcome) => outcome === 'contradicted' || outcome === 'unsupported')).toHaveLength(
      snapshot.counts.dropped_pairs,
    );
  });

  it('is narrowed to a reason, and follows the rule of the project', async () => {
    const db = database();
    const { projectId, researcher } = await judged(db);
    const only = async (outcome: LedgerQuery['outcome']) =>
      told((await page(researcher, db, projectId, { outcome })).prompts).sort();
    expect(await only('contradicted')).toEqual(['p1 b>a contradicted 1/1/0']);
    expect(await only('dropped')).toEqual(['p1 b>a contradicted 1/1/0', 'p1 b>c unsupported 1/0/1']);
    expect(await only('cycle')).toEqual([]);
    const { settingsVersion } = (await viewProject(researcher, db, projectId)).project;
    await updateProject(researcher, db, projectId, { baseVersion: settingsVersion, consensusQuorum: 2 });
    expect(await only('unsupported')).toEqual([
      'p1 b>c unsupported 1/0/1',
      'p3 a>b unsupported 1/0/0',
      'p3 a>c unsupported 1/0/0',
      'p3 b>c unsupported 1/0/0',
    ]);
  });

  it('is paged by key: every pair once, however the pages fall', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(120));
    // Every third prompt is judged, three pairs each.
    for (let n = 0; n < 120; n += 3) {
      await annotate(db, annotator, { projectId, externalId: `p${n}` }, { a: 0, b: 1, c: n % 2 });
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let after: number | undefined; ; ) {
      const { prompts, next } = await page(researcher, db, projectId, { after });
      seen.push(...told(prompts));
      sizes.push(told(prompts).length);
      if (next === null) break;
      after = ledgerCursor.after.parse(next);
    }
    expect(sizes).toEqual([102, 18]);
    expect(new Set(seen).size).toBe(120);
  });

  it('is exported as a table and as JSON lines, with names', async () => {
    const db = database();
    const { projectId, researcher } = await judged(db);
    const exported = async (format: 'csv' | 'jsonl') =>
      collect((await exportLedger(researcher, db, projectId, { format, outcome: 'dropped' })).lines);
    const table = (await exported('csv')).trimEnd().split('\r\n');
    expect(table[0]).toBe('prompt,better,worse,outcome,margin,support,against,tied,decided');
    expect(table).toHaveLength(3);
    expect(table[1]).toMatch(/^p1,b,a,contradicted,,[^,]+,[^,]+,,no$/);
    const lines = (await exported('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ prompt: 'p1', better: 'b', worse: 'c', outcome: 'unsupported', decided: false });
    expect(lines[1].tied).toEqual([{ id: expect.any(String), name: expect.any(String) }]);
  });
});
