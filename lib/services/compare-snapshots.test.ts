import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { snapshotRecords } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { type ComparisonPage, comparisonQuerySchema } from '@/lib/schemas/snapshot-comparison';
import { compareSnapshots } from './compare-snapshots';
import { createSnapshot } from './create-snapshot';
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
import { exportSnapshot } from './read-snapshot';

describeOnEachDatabase('two snapshots', (database) => {
  let db: Database;
  let project: TestProject;
  beforeEach(async () => {
    db = database();
    project = await projectWithPeople(db);
  });

  const add = (count: number, from = 0) =>
    importPrompts(project.researcher, db, project.projectId, promptFile(count, { from }));
  const freeze = async (request: Partial<Parameters<typeof createSnapshot>[3]> = {}) =>
    (await createSnapshot(project.researcher, db, project.projectId, { name: 'S', strategy: 'human', ...request }))
      .snapshot.id;
  /** Page by page to the end. */
  const compare = async (before: string, after: string, show: 'prompts' | 'counts' = 'prompts') => {
    const pages: ComparisonPage[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = comparisonQuerySchema.parse({ show, ...(cursor && { after: cursor }) });
      const page: ComparisonPage = await compareSnapshots(project.researcher, db, [before, after], query);
      pages.push(page);
      cursor = page.next;
    }
    const total = (of: (page: ComparisonPage) => Record<string, number>) =>
      pages
        .map(of)
        .reduce((all, one) =>
          Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value + one[name]!])),
        );
    return {
      pages: pages.length,
      prompts: total((page) => page.counts.prompts),
      pairs: total((page) => page.counts.pairs),
      listed: pages.flatMap((page) => page.prompts),
    };
  };

  it('differ by the prompts and pairs that came, went and turned', async () => {
    await add(5);
    const { annotator, projectId } = project;
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0, b: 1 });
    const before = await freeze({ heldBack: ['p4'] });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 1, b: 0, c: 2 }, { baseVersion: 1 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0, c: 1 }, { baseVersion: 1 });
    const after = await freeze({ heldBack: ['p3'] });
    const { prompts, pairs, listed } = await compare(before, after);
    expect(prompts).toEqual({ came: 1, went: 1, changed: 2, same: 1 });
    expect(pairs).toEqual({ came: 3, went: 3, turned: 1, kept: 4 });
    const of = (id: string) => listed.find((one) => one.id === id);
    expect(of('p0')).toMatchObject({ change: 'changed', turned: [{ chosen: 'b', rejected: 'a' }], texts: false });
    expect(of('p1')).toMatchObject({ change: 'changed', pairs: { came: 1, went: 1, turned: 0, kept: 0 } });
    expect([of('p4')!.change, of('p3')!.change, of('p2')]).toEqual(['came', 'went', undefined]);
    // The other way round, what came has gone.
    expect((await compare(after, before)).pairs).toEqual({ came: 3, went: 3, turned: 1, kept: 4 });
    expect((await compare(before, before)).listed).toEqual([]);
  });

  it('are read in pages of which none leaves a prompt out or has it twice, whichever is longer', async () => {
    await add(260);
    const all = await freeze();
    const heldBack = Array.from({ length: 130 }, (_, i) => `p${2 * i}`);
    const half = await freeze({ heldBack });
    for (const [before, after, change] of [
      [all, half, 'went'],
      [half, all, 'came'],
    ] as const) {
      const found = await compare(before, after);
      expect(found.pages).toBeGreaterThan(5);
      expect(found.prompts).toMatchObject({ [change]: 130, same: 130, changed: 0 });
      expect(found.listed.map(({ id }) => id as string).sort()).toEqual([...heldBack].sort());
      const counted = await compare(before, after, 'counts');
      expect(counted.pages).toBeLessThan(found.pages);
      expect({ ...counted, pages: 0, listed: [] }).toEqual({ ...found, pages: 0, listed: [] });
    }
  });

  it('name the splits between which a prompt has moved', async () => {
    await add(12);
    const before = await freeze();
    const after = await freeze({ selection: { seed: 1, split: { validation: 45, test: 45 } } });
    const { listed, prompts } = await compare(before, after);
    expect(listed.every(({ moved }) => moved?.[0] === 'train' && moved[1] !== 'train')).toBe(true);
    expect(listed).toHaveLength(prompts.changed!);
    expect(prompts.changed).toBeGreaterThan(0);
  });

  it('that came from files are compared, too', async () => {
    await add(3);
    const own = await freeze();
    const bundle = await collect((await exportSnapshot(project.researcher, db, own, snapshotWriter('bundle'))).lines);
    const elsewhere = await projectWithPeople(db);
    const { snapshot } = await importSnapshot(elsewhere.researcher, db, elsewhere.projectId, encode(bundle));
    const [one] = await db.select().from(snapshotRecords).where(eq(snapshotRecords.snapshotId, snapshot.id));
    expect(one!.promptKey).toBeNull();
    // Nobody compares with what he or she may not see.
    await refusal(compare(own, snapshot.id), 'not_found');
    project = elsewhere;
    const changed = await compare(snapshot.id, snapshot.id);
    expect(changed.prompts).toEqual({ came: 0, went: 0, changed: 0, same: 3 });
  });
});
