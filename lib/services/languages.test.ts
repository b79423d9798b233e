import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { members, prompts, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { openPrompts } from '@/lib/db/open-prompts';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { UpdateProjectRequest } from '@/lib/schemas/account';
import type { ExternalPromptId } from '@/trainer/contract/ids';
import { assignPrompts } from './assign-prompts';
import { getWork } from './get-work';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { setMemberRole } from './members';
import { annotate, encode, person, projectWithPeople, type TestProject } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { getNextTasks } from './tasks';

/** Prompts by id, each with its language, if any. */
const fileOf = (languages: Record<string, string | null>) =>
  encode(
    Object.entries(languages)
      .map(([external_id, language]) =>
        JSON.stringify({
          external_id,
          prompt: `What does ${external_id} mean?`,
          language,
          responses: [
            { id: 'a', text: 'One thing.' },
            { id: 'b', text: 'Another thing.' },
          ],
        }),
      )
      .join('\n'),
  );

describeOnEachDatabase('languages of annotators', (database) => {
  let db: Database;
  let project: TestProject;
  beforeEach(async () => {
    db = database();
    project = await projectWithPeople(db);
  });

  const bring = (languages: Record<string, string | null>) =>
    importPrompts(project.researcher, db, project.projectId, fileOf(languages));
  const configure = async (changes: Omit<UpdateProjectRequest, 'baseVersion'>) => {
    const { projectId, researcher } = project;
    const { settingsVersion } = (await viewProject(researcher, db, projectId)).project;
    await updateProject(researcher, db, projectId, { baseVersion: settingsVersion, ...changes });
  };
  const reads = ({ userId }: Actor, languages?: string[]) =>
    setMemberRole(project.researcher, db, project.projectId, {
      userId,
      role: 'annotator',
      ...(languages && { languages }),
    });
  const ask = async (actor: Actor, count = 10) => {
    const { tasks, progress } = await getNextTasks(actor, db, project.projectId, { exclude: [], count });
    return { names: tasks.map(({ externalId }) => externalId), progress };
  };
  const names = async (actor: Actor, count = 10) => (await ask(actor, count)).names;
  const judge = (actor: Actor, externalId: string) =>
    annotate(db, actor, { projectId: project.projectId, externalId }, { a: 0, b: 1 });
  const warnings = async () => (await getWork(project.researcher, db, project.projectId)).languages;

  for (const [kind, settings] of [
    ['everybody judges every prompt', {}],
    ['a prompt has two annotators', { overlap: 2 }],
    ['prompts come in another order', { assignmentOrder: 'priority' }],
  ] as const) {
    it(`gives prompts in their languages, and those without one, where ${kind}`, async () => {
      await bring({ en1: 'en', ja1: 'ja', any: null, 'en-gb': 'en-GB', ja2: 'ja' });
      await configure(settings);
      await reads(project.annotator, ['ja']);
      await reads(project.other, ['en']);
      const japanese = await ask(project.annotator);
      expect(japanese).toEqual({ names: ['ja1', 'any', 'ja2'], progress: { done: 0, total: 3 } });
      expect(await names(project.other)).toEqual(['en1', 'any', 'en-gb']);
      for (const name of japanese.names) await judge(project.annotator, name);
      expect(await ask(project.annotator)).toEqual({ names: [], progress: { done: 3, total: 3 } });
    });
  }

  it('takes a language and its regions for one, and two regions for two', async () => {
    await bring({ pt: 'pt', br: 'pt-BR', pt2: 'pt-PT', ptx: 'ptx' });
    await reads(project.annotator, ['pt-br']);
    expect(await names(project.annotator)).toEqual(['pt', 'br']);
    await reads(project.annotator, ['pt']);
    expect(await names(project.annotator)).toEqual(['pt', 'br', 'pt2']);
  });

  it('keeps languages when a role is set, and gives everything to whom they are taken from', async () => {
    await bring({ en1: 'en', ja1: 'ja' });
    const all = await reads(project.annotator, ['en', 'fr']);
    expect(all.find(({ userId }) => userId === project.annotator.userId)!.languages).toEqual(['en', 'fr']);
    await reads(project.annotator);
    expect(await names(project.annotator)).toEqual(['en1']);
    await reads(project.annotator, []);
    expect(await names(project.annotator)).toEqual(['en1', 'ja1']);
  });

  it('gives back what waits in a language that the person no longer reads, but not what came by name', async () => {
    const { projectId, researcher, annotator, other } = project;
    await bring({ en1: 'en', ja1: 'ja', ja2: 'ja' });
    await configure({ overlap: 1 });
    await names(annotator, 2);
    const given = { annotatorId: annotator.userId, prompts: ['ja2' as ExternalPromptId] };
    await assignPrompts(researcher, db, projectId, given);
    await reads(annotator, ['en']);
    expect(await names(annotator)).toEqual(['ja2', 'en1']);
    expect(await names(other)).toEqual(['ja1']);
  });

  it('assigns a prompt in another language by name, and says so', async () => {
    const { projectId, researcher, annotator } = project;
    await bring({ en1: 'en', ja1: 'ja', any: null });
    await reads(annotator, ['en']);
    const named = ['en1', 'ja1', 'any', 'gone'] as ExternalPromptId[];
    expect(await assignPrompts(researcher, db, projectId, { annotatorId: annotator.userId, prompts: named })).toEqual({
      assigned: 3,
      inOtherLanguages: ['ja1'],
      refused: [{ prompt: 'gone', reason: 'unknown' }],
    });
    expect(await names(annotator)).toEqual(['en1', 'ja1', 'any']);
  });

  it('gives gold prompts in their languages alone', async () => {
    const { projectId, researcher, annotator } = project;
    await bring({ en1: 'en', ja1: 'ja', en2: 'en', ja2: 'ja' });
    for (const name of ['en1', 'ja1']) {
      await judge(researcher, name);
      const [row] = await db
        .select({ id: prompts.id })
        .from(prompts)
        .where(and(eq(prompts.projectId, projectId), eq(prompts.externalId, name)));
      await setGold(researcher, db, projectId, row!.id, '');
    }
    await configure({ goldWarmUp: 2 });
    await reads(annotator, ['ja']);
    expect(await ask(annotator)).toEqual({ names: ['ja1', 'ja2'], progress: { done: 0, total: 2 } });
  });

  it('follows a language that is changed while places are held', async () => {
    await bring({ one: 'en', two: 'en' });
    await configure({ overlap: 1 });
    await reads(project.annotator, ['ja']);
    expect(await names(project.annotator)).toEqual([]);
    await db
      .update(prompts)
      .set({ language: 'ja' })
      .where(and(eq(prompts.projectId, project.projectId), eq(prompts.externalId, 'two')));
    expect(await names(project.annotator)).toEqual(['two']);
  });

  it('tells researchers which languages too few annotators read', async () => {
    await bring({ en1: 'en', en2: 'en', ja1: 'ja', fr1: 'fr', any: null });
    await configure({ overlap: 2 });
    expect(await warnings()).toEqual([]);
    await reads(project.annotator, ['en']);
    await reads(project.other, ['en', 'ja']);
    expect(await warnings()).toEqual([
      { language: 'fr', readers: 0, wanted: 2, prompts: 1, isMore: false },
      { language: 'ja', readers: 1, wanted: 2, prompts: 1, isMore: false },
    ]);
    // Somebody whose account is deactivated reads nothing any more.
    await db.update(users).set({ deactivatedAt: new Date() }).where(eq(users.id, project.other.userId));
    expect((await warnings()).map(({ language, readers }) => [language, readers])).toEqual([
      ['fr', 0],
      ['ja', 0],
    ]);
  });

  it('finds prompts of a rare language behind many others', async () => {
    const { projectId, annotator } = project;
    await configure({ overlap: 3 });
    await person(db, 'annotator');
    await bring({ first: 'en', rare1: 'ja', rare2: 'ja' });
    // Many English prompts come before the Japanese ones.
    await db.execute(
      sql`update prompts set position = position + 5000 where project_id = ${projectId} and language = 'ja'`,
    );
    await db.execute(sql`update prompt_coverage set position = position + 5000, order_key = order_key + 5000
      where project_id = ${projectId} and language = 'ja'`);
    await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position, language)
      select ${projectId}, 'many' || n, '[{"role":"user","content":"Why?"}]', md5(n::text), n, 'en' from generate_series(1, 3000) n`);
    await db.execute(sql`update projects set prompt_count = 6000 where id = ${projectId}`);
    await reads(annotator, ['ja']);
    expect(await names(annotator)).toEqual(['rare1', 'rare2']);
    const [row] = await db.select().from(members).where(eq(members.userId, annotator.userId));
    expect(
      await openPrompts(db, { projectId, annotatorId: annotator.userId, languages: row!.languages }, [], 10),
    ).toEqual([]);
  });
});
