/**
 * One small file of each shape that other programs write goes all the way: it is recognised, previewed, imported,
 * annotated, frozen in a snapshot and exported to two trainers, whose own readers' schemas the rows fit.
 */
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { trainerSchemas } from '@/lib/formats/exports/trainer-schemas.test-support';
import { lines, shapes } from '@/lib/formats/shapes/shapes.test-support';
import { type ExportFormat, exportQuerySchema } from '@/lib/schemas/export';
import { importPreviewSchema } from '@/lib/schemas/import-preview';
import { createSnapshot } from './create-snapshot';
import { exportSnapshotFiles } from './export-snapshot';
import { importPrompts } from './import-prompts';
import { annotate, english, projectWithPeople } from './people.test-support';
import { previewImport } from './preview-import';

describeOnEachDatabase('a file of each public shape goes all the way', (database) => {
  it.each(shapes)('$of', async ({ rows, prompts, told }) => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    const file = lines(rows);
    const preview = importPreviewSchema.parse(
      await previewImport(researcher, db, projectId, file, { translate: english }),
    );
    expect(preview).toMatchObject({ ok: true, counts: { new: prompts.length }, columns: { needed: false } });
    expect(told.startsWith(`${preview.found.title}: ${preview.found.judgements} judgements`)).toBe(true);

    const imported = await importPrompts(researcher, db, projectId, file, { judgements: 'model' });
    expect(imported.imported).toBe(prompts.length);
    expect(imported.judgements ?? 0).toBe(preview.found.judgements);

    expect(preview.sample).toHaveLength(Math.min(prompts.length, 5));
    const judged = preview.sample.map(({ externalId, responses }) => ({
      externalId,
      texts: responses.map(({ text }) => text),
      tiers: Object.fromEntries(responses.map(({ id }, i) => [id, i === 0 ? 0 : 1])),
    }));
    for (const { externalId, tiers } of judged) await annotate(db, annotator, { projectId, externalId }, tiers);
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'annotations' });
    expect(snapshot.promptCount).toBe(judged.length);

    /** The best response of each prompt over each of the others. */
    const expected = judged.flatMap(({ texts: [best, ...others] }) => others.map((other) => `${best} > ${other}`));
    const exported = async (format: ExportFormat) => {
      const query = exportQuerySchema.parse({ format });
      const { files } = await exportSnapshotFiles(researcher, db, snapshot.id, query);
      const bytes = new Map<string, Buffer>();
      for await (const { path, content } of files) {
        const pieces: Uint8Array[] = [];
        for await (const piece of content) pieces.push(piece);
        bytes.set(path, Buffer.concat(pieces));
      }
      expect(bytes.get('README.md')?.length).toBeGreaterThan(100);
      return [...bytes].find(([path]) => path !== 'README.md' && path.includes('train'))!;
    };

    const [, trl] = await exported('trl-conversational');
    const pairs = trl
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const pair of pairs) trainerSchemas['trl-conversational'].parse(pair);
    expect(pairs.map(({ chosen, rejected }) => `${chosen[0].content} > ${rejected[0].content}`).sort()).toEqual(
      expected.sort(),
    );

    const [, parquet] = await exported('verl-reward');
    const table = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
    for (const row of table) trainerSchemas['verl-reward'].parse(row);
    expect(table).toHaveLength(expected.length);
  });
});
