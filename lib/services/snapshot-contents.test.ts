import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { snapshotContents } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { createSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { createSnapshot, previewSnapshot } from './create-snapshot';
import { getSnapshotContents } from './get-snapshot-contents';
import { importPrompts } from './import-prompts';
import { importSnapshot } from './import-snapshot';
import { collect, encode, projectWithPeople, promptFile } from './people.test-support';
import { exportSnapshot } from './read-snapshot';

describeOnEachDatabase('what a snapshot holds', (database) => {
  const request = createSnapshotRequestSchema.parse({
    name: 'S',
    strategy: 'human',
    selection: { seed: 3, split: { validation: 40, test: 10 } },
  });
  const made = async () => {
    const db = database();
    const people = await projectWithPeople(db);
    await importPrompts(people.researcher, db, people.projectId, promptFile(12));
    // The same questions again, under other names.
    await importPrompts(
      people.researcher,
      db,
      people.projectId,
      encode(
        new TextDecoder().decode(promptFile(12)).replaceAll('"p', '"again-').replaceAll('"again-rompt"', '"prompt"'),
      ),
    );
    return { db, ...people };
  };

  it('is previewed as it is then stored, with its lengths, sources and leaks', async () => {
    const { db, researcher, projectId } = await made();
    const { name: _, ...preview } = request;
    const { contents } = await previewSnapshot(researcher, db, projectId, preview);
    const { snapshot } = await createSnapshot(researcher, db, projectId, request);
    expect(await getSnapshotContents(researcher, db, snapshot.id)).toEqual(contents);
    expect(contents.sources).toEqual([
      { source: 'human', responses: 24, chosen: 48, rejected: 0 },
      { source: 'model-b', responses: 24, chosen: 0, rejected: 24 },
      { source: 'model-c', responses: 24, chosen: 0, rejected: 24 },
    ]);
    const sum = (of: 'prompts' | 'responses' | 'chosen') => contents.lengths.reduce((all, bin) => all + bin[of], 0);
    expect([sum('prompts'), sum('responses'), sum('chosen')]).toEqual([24, 72, 48]);
    const { splits } = snapshot.header.filters.selected as { splits: Record<string, number> };
    expect(Math.min(splits.validation!, splits.train!)).toBeGreaterThan(0);
    const [trainValidation] = contents.leaks!.between;
    expect(trainValidation!.equal).toBeGreaterThan(0);
    expect(contents.leaks!.examples[0]!.prompts.map(({ excerpt }) => excerpt)).toEqual(
      Array(2).fill(expect.stringMatching(/^Ask \d+\?$/)),
    );
  });

  it('of an imported one is found when it is first asked for', async () => {
    const { db, researcher, projectId } = await made();
    const { snapshot } = await createSnapshot(researcher, db, projectId, request);
    const bundle = await collect((await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('bundle'))).lines);
    const elsewhere = await projectWithPeople(db);
    const { snapshot: copy } = await importSnapshot(elsewhere.researcher, db, elsewhere.projectId, encode(bundle));
    const stored = () => db.select().from(snapshotContents).where(eq(snapshotContents.snapshotId, copy.id));
    expect(await stored()).toEqual([]);
    const contents = await getSnapshotContents(elsewhere.researcher, db, copy.id);
    expect(contents).toEqual(await getSnapshotContents(researcher, db, snapshot.id));
    expect(await stored()).toHaveLength(1);
  });

  it('is balanced between sources where that is asked, and the preview says what goes', async () => {
    const { db, researcher, projectId } = await made();
    const selection = { seed: 1, winsPerLoss: 1 };
    const { selected, counts } = await previewSnapshot(researcher, db, projectId, { strategy: 'hybrid', selection });
    // No model ever wins against a person, nor the wrong answer against the right one.
    expect([counts.pairs, selected.pairs_unbalanced]).toEqual([0, 72]);
    const without = await previewSnapshot(researcher, db, projectId, { strategy: 'hybrid' });
    expect([without.counts.pairs, without.selected.pairs_unbalanced]).toEqual([72, undefined]);
  });
});
