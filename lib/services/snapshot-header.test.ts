import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { importSnapshot } from './import-snapshot';
import { collect, encode, projectWithPeople, promptFile, refusal } from './people.test-support';
import { exportSnapshot } from './read-snapshot';

describeOnEachDatabase('the header of a snapshot that is imported', (database) => {
  it.each([
    ['filters nested 5,000 deep', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, /nested deeper than 64 levels/],
    ['the NUL character', '{"a":"\\u0000"}', /snapshot\.filters\.a|filters\.a: must not contain the NUL/],
    ['half a surrogate pair', '{"\\ud800":1}', /filters: must not contain half a surrogate pair/],
  ])('holds %s: refused with its field, nothing is stored', async (_, filters, words) => {
    const db = database();
    const { researcher, projectId } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'hybrid' });
    const { lines } = await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('bundle'));
    const bundle = await collect(lines);
    const elsewhere = await projectWithPeople(db);
    const [header = '', ...records] = bundle.split('\n');
    const changed = JSON.stringify({ snapshot: { ...JSON.parse(header).snapshot, filters: 'here' } });
    const file = encode([changed.replace('"here"', filters), ...records].join('\n'));
    const refused = await refusal(importSnapshot(elsewhere.researcher, db, elsewhere.projectId, file), 'invalid');
    expect(refused.message).toMatch(words);
    // The control: with its own filters it is taken.
    expect((await importSnapshot(elsewhere.researcher, db, elsewhere.projectId, encode(bundle))).created).toBe(true);
  });
});
