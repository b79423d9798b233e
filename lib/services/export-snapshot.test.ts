import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { type ExportQuery, exportQuerySchema } from '@/lib/schemas/export';
import { createSnapshot } from './create-snapshot';
import { exportSnapshotFiles, previewExport } from './export-snapshot';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';

const wanted = (query: Partial<ExportQuery> = {}): ExportQuery => ({
  ...exportQuerySchema.parse({ format: 'trl-conversational' }),
  ...query,
});

describeOnEachDatabase('a snapshot for a trainer', (database) => {
  async function withSnapshot() {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, db, projectId, promptFile(70));
    for (let i = 0; i < 60; i++)
      await annotate(db, annotator, { projectId, externalId: `p${i}` }, { a: 0, b: 1, c: 2 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'annotations' });
    return { db, ...people, snapshot };
  }

  it('has every pair, over the pages in which the records are read, and a README', async () => {
    const { db, researcher, snapshot } = await withSnapshot();
    const { files, hash } = await exportSnapshotFiles(researcher, db, snapshot.id, wanted());
    expect(hash).toBe(snapshot.hash);
    const sizes: Record<string, number> = {};
    for await (const { path, content } of files) {
      let text = '';
      for await (const piece of content) text += Buffer.from(piece).toString();
      sizes[path] = text.split('\n').length - 1;
    }
    expect(sizes['train.jsonl']).toBe(snapshot.pairCount);
    expect(Object.keys(sizes)).toEqual(['train.jsonl', 'README.md']);
  });

  it('shows its first rows, with long texts cut', async () => {
    const { db, researcher, snapshot } = await withSnapshot();
    const { rows, file } = await previewExport(researcher, db, snapshot.id, wanted({ columns: ['prompt_id'] }));
    expect(file).toBe('train.jsonl');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ prompt_id: 'p0' });
    expect(rows[0]).not.toHaveProperty('margin');
  });

  it('is refused with columns that the format does not have, or names where nobody is named', async () => {
    const { db, researcher, snapshot } = await withSnapshot();
    for (const query of [wanted({ format: 'trl-kto', columns: ['margin'] }), wanted({ people: 'names' })]) {
      await refusal(exportSnapshotFiles(researcher, db, snapshot.id, query), 'invalid');
      await refusal(previewExport(researcher, db, snapshot.id, query), 'invalid');
    }
  });

  it.each([
    '',
    'toml',
    'trl-conversational&x=1',
    'trl-conversational&columns=nothing',
    'trl-conversational&people=all',
  ])('is asked for in one of the formats and with options that there are, not %j', (format) => {
    const query = Object.fromEntries(new URLSearchParams(`format=${format}`));
    expect(exportQuerySchema.safeParse(query).success).toBe(false);
  });
});
