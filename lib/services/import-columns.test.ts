/** Files whose columns somebody maps, from the preview to annotations, and back to the next file with these columns. */
import { eq } from 'drizzle-orm';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { annotations, columnMappings, prompts, users } from '@/drizzle/schema';
import { malformedImports } from '@/lib/containers/malformed-imports.test-support';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { columnsParameterSchema } from '@/lib/schemas/column-mapping-text';
import { importPreviewSchema } from '@/lib/schemas/import-preview';
import { importPrompts } from './import-prompts';
import { encode, english, projectWithPeople, refusal } from './people.test-support';
import { previewImport } from './preview-import';

const mapping = columnsParameterSchema.parse('prompt=Ask,response=left,response=right,winner=picked');
const csv = (...rows: string[]) => encode(['Ask,left,right,picked,notes', ...rows].join('\r\n'));
const file = csv('Why?,So.,No.,left,x', 'How?,Thus.,Not.,tie,', 'Who?,Me.,,right,');

describeOnEachDatabase('importing by columns', (database) => {
  it('shows columns where rows are of no known shape, and a mapping makes prompts and judgements of them', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const unmapped = importPreviewSchema.parse(
      await previewImport(researcher, db, projectId, file, { translate: english }),
    );
    expect(unmapped).toMatchObject({
      ok: false,
      columns: {
        needed: true,
        more: 0,
        remembered: false,
        list: [{ name: 'Ask', samples: ['Why?', 'How?', 'Who?'] }, {}, {}, {}, {}],
      },
    });
    const preview = importPreviewSchema.parse(
      await previewImport(researcher, db, projectId, file, { translate: english, mapping }),
    );
    expect(preview).toMatchObject({
      ok: false,
      canLeaveOut: true,
      counts: { new: 2 },
      found: { rows: 3, judgements: 2, pairs: 1, annotatorNames: ['picked'] },
      errors: [{ line: 4, message: 'responses: must hold at least 2 responses' }],
      columns: { mapping },
    });
    expect(await db.select().from(prompts).where(eq(prompts.projectId, projectId))).toEqual([]);

    await refusal(importPrompts(researcher, db, projectId, file, { mapping }), 'invalid');
    expect(await db.select().from(prompts).where(eq(prompts.projectId, projectId))).toEqual([]);
    expect(await db.select().from(columnMappings).where(eq(columnMappings.projectId, projectId))).toEqual([]);

    expect(await importPrompts(researcher, db, projectId, file, { mapping, leaveOut: true })).toEqual({
      imported: 2,
      unchanged: 0,
      extended: 0,
      judgements: 2,
      leftOut: 1,
    });
    const by = await db
      .select({ name: users.name, kind: users.kind })
      .from(annotations)
      .innerJoin(users, eq(users.id, annotations.annotatorId))
      .where(eq(annotations.projectId, projectId));
    expect(by).toEqual([
      { name: 'picked', kind: 'imported' },
      { name: 'picked', kind: 'imported' },
    ]);
  });

  it('remembers the mapping by the set of columns: in whatever order, container or file, and in this project alone', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const other = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, csv('Why?,So.,No.,left,x'), { mapping });
    const column = (name: string, value: string) => ({ name, data: [value], type: 'STRING' as const });
    const parquet = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          column('notes', ''),
          column('right', 'No.'),
          column('left', 'So.'),
          column('Ask', 'Then?'),
          column('picked', 'tie'),
        ],
      }),
    );
    const next = await previewImport(researcher, db, projectId, parquet, { translate: english });
    expect(next.columns).toMatchObject({ remembered: true, mapping });
    const changed = { ...mapping, winner: undefined };
    const given = await previewImport(researcher, db, projectId, parquet, { translate: english, mapping: changed });
    expect(given.columns).toMatchObject({ remembered: false, mapping: changed });
    const elsewhere = await previewImport(other.researcher, db, other.projectId, parquet, { translate: english });
    expect(elsewhere.columns).toMatchObject({ remembered: false });
    const fewer = encode('Ask,left,right,picked\nWhy?,So.,No.,left\n');
    expect((await previewImport(researcher, db, projectId, fewer, { translate: english })).columns?.remembered).toBe(
      false,
    );
  });

  it('reads a large file in another thread by the same mapping', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const rows = Array.from({ length: 2_000 }, (_, i) => `Why ${i}?,${'So. '.repeat(20)},${'No. '.repeat(20)},left,`);
    const preview = await previewImport(researcher, db, projectId, csv(...rows), { translate: english, mapping });
    expect(preview).toMatchObject({ ok: true, counts: { new: 2_000 }, found: { judgements: 2_000 } });
  });

  it('says which column was renamed; nothing is written, and nothing can be left out', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const renamed = encode('ask,left,right,picked\nWhy?,So.,No.,left\n');
    const preview = await previewImport(researcher, db, projectId, renamed, { translate: english, mapping });
    expect(preview).toMatchObject({
      ok: false,
      canLeaveOut: false,
      errors: [{ line: 1, message: 'no row has the column “Ask”; the file has: ask, left, right, picked' }],
    });
    await refusal(importPrompts(researcher, db, projectId, renamed, { mapping, leaveOut: true }), 'invalid');
    expect(await db.select().from(prompts).where(eq(prompts.projectId, projectId))).toEqual([]);
  });

  it('refuses every malformed file with a mapping as without one, and writes nothing', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const byFields = columnsParameterSchema.parse('prompt=prompt,response=responses');
    // As a list of texts, which is what a column with responses may hold.
    const bad = malformedImports.filter(({ name }) => name !== 'a bare text as response');
    expect(bad.length).toBe(malformedImports.length - 1);
    for (const { name, file: malformed } of bad) {
      const { message } = await refusal(
        importPrompts(researcher, db, projectId, malformed, { mapping: byFields }),
        'invalid',
      );
      expect(message, name).toContain('Line ');
    }
    expect(await db.select().from(prompts).where(eq(prompts.projectId, projectId))).toEqual([]);
    expect(await db.select().from(columnMappings).where(eq(columnMappings.projectId, projectId))).toEqual([]);
    // A hundred files, some of which take a second.
  }, 240_000);
});
