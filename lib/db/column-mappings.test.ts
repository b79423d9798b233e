import { rm } from 'node:fs/promises';
import { count, eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { columnMappings, projects, prompts } from '@/drizzle/schema';
import { projectWithPeople } from '@/lib/services/people.test-support';
import { rememberedMapping, rememberMapping } from './column-mappings';
import { describeOnEachDatabase, emptyPGlite, emptyPostgres, migrationsBefore } from './testing';

const mapping = { prompt: 'question', responses: [{ column: 'answer', source: 'model' }] };

describeOnEachDatabase('mappings of columns', (database) => {
  it('are remembered in their project, the last of each set of columns', async () => {
    const db = database();
    const { projectId } = await projectWithPeople(db);
    const other = await projectWithPeople(db);
    expect(await rememberedMapping(db, projectId, 'a')).toBeNull();
    await rememberMapping(db, projectId, { columns: 'a', mapping });
    const changed = { ...mapping, lowerIsBetter: true };
    await rememberMapping(db, projectId, { columns: 'a', mapping: changed });
    expect(await rememberedMapping(db, projectId, 'a')).toEqual(changed);
    expect(await rememberedMapping(db, projectId, 'b')).toBeNull();
    expect(await rememberedMapping(db, other.projectId, 'a')).toBeNull();
  });

  it('are forgotten where a hundred others were used since', async () => {
    const db = database();
    const { projectId } = await projectWithPeople(db);
    const other = await projectWithPeople(db);
    await rememberMapping(db, other.projectId, { columns: 'set 1', mapping });
    for (let i = 0; i < 100; i++) await rememberMapping(db, projectId, { columns: `set ${i}`, mapping });
    // It is not the first that is forgotten, but the one that was used least recently.
    await rememberMapping(db, projectId, { columns: 'set 0', mapping });
    await rememberMapping(db, projectId, { columns: 'set 100', mapping });
    const [row] = await db.select({ n: count() }).from(columnMappings).where(eq(columnMappings.projectId, projectId));
    expect(row?.n).toBe(100);
    expect(await rememberedMapping(db, projectId, 'set 1')).toBeNull();
    expect(await rememberedMapping(db, projectId, 'set 0')).toEqual(mapping);
    expect(await rememberedMapping(db, other.projectId, 'set 1')).toEqual(mapping);
    expect(await rememberedMapping(db, projectId, 'set 100')).toEqual(mapping);
  });
});

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)(
  'a project from before there were any keeps its prompts, and remembers from then on (%s)',
  async (_, empty) => {
    const { db, migrate, close } = await empty();
    const before = await migrationsBefore('column_mappings');
    try {
      await migrate(before);
      await db.execute(sql`insert into projects (name, tiers, prompt_count) values ('P', '["a","b"]', 3)`);
      await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
      select id, 'p' || n, '[{"role":"user","content":"Why?"}]', '', n from projects, generate_series(0, 2) n`);
      const held = await db.select().from(prompts).orderBy(prompts.position);
      expect(held).toHaveLength(3);
      await migrate();
      expect(await db.select().from(prompts).orderBy(prompts.position)).toEqual(held);
      const [project] = await db.select({ id: projects.id }).from(projects);
      await rememberMapping(db, project!.id, { columns: 'a', mapping });
      expect(await rememberedMapping(db, project!.id, 'a')).toEqual(mapping);
      await db.delete(projects).where(eq(projects.id, project!.id));
      expect(await db.select().from(columnMappings)).toEqual([]);
    } finally {
      await close();
      await rm(before, { recursive: true });
    }
  },
);
