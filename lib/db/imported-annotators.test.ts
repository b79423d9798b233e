import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { and, eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import {
  accounts,
  annotatorPaces,
  annotatorTallies,
  importedAnnotators,
  members,
  projects,
  promptCoverage,
  prompts,
  resetLinks,
  sessions,
  twoFactors,
  users,
} from '@/drizzle/schema';
import { createAuth } from '@/lib/auth/auth';
import type { Actor } from '@/lib/auth/permissions';
import type { Counting } from '@/lib/schemas/annotator-kinds';
import { listUsers } from '@/lib/services/accounts';
import { assignPrompts } from '@/lib/services/assign-prompts';
import { changePerson } from '@/lib/services/change-person';
import { removeDeletedProjects } from '@/lib/services/close-project';
import { importPrompts } from '@/lib/services/import-prompts';
import { setMemberRole } from '@/lib/services/members';
import { annotate, person, projectWithPeople, promptFile, refusal } from '@/lib/services/people.test-support';
import { updateProject } from '@/lib/services/projects';
import { createResetLink } from '@/lib/services/reset-password';
import { getNextTasks } from '@/lib/services/tasks';
import { insertAnnotation } from './annotations';
import type { Database } from './client';
import { addImportedAnnotators, importedAnnotatorIds } from './imported-annotators';
import { describeOnEachDatabase, emptyPGlite, emptyPostgres, migrationsBefore } from './testing';
import { countUsers, findUser, findUserByEmail, listUsers as listStoredUsers } from './users';

/** Judges a prompt's first response best and the others next, as an import does. */
async function judge(db: Database, projectId: string, annotatorId: string, externalId: string) {
  const [prompt] = await db
    .select()
    .from(prompts)
    .where(and(eq(prompts.projectId, projectId), eq(prompts.externalId, externalId as never)));
  const { rows } = (await db.execute(
    sql`select id from responses where prompt_id = ${prompt!.id} order by position`,
  )) as unknown as { rows: { id: never }[] };
  const annotation = { projectId, promptId: prompt!.id, annotatorId, version: 1, idempotencyKey: randomUUID() };
  await insertAnnotation(
    db,
    annotation,
    rows.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: Math.min(i, 1) })),
  );
  return prompt!.id;
}

async function setUp(db: Database) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, promptFile(3));
  await addImportedAnnotators(db, people.projectId, ['Ann', 'Ben'], 'imported');
  await addImportedAnnotators(db, people.projectId, ['judge-model', 'Ann'], 'model');
  const ids = await importedAnnotatorIds(db, people.projectId);
  return { ...people, ann: ids.get('Ann')!, ben: ids.get('Ben')!, model: ids.get('judge-model')! };
}

async function set(db: Database, actor: Actor, projectId: string, changes: object) {
  const [project] = await db.select().from(projects).where(eq(projects.id, projectId));
  await updateProject(actor, db, projectId, { baseVersion: project!.settingsVersion, ...changes });
}

describeOnEachDatabase('imported annotators', (database) => {
  it('are one for each name in a project, and stay of their kind', async () => {
    const db = database();
    const { projectId } = await setUp(db);
    const rows = await db
      .select({ name: users.name, kind: users.kind })
      .from(importedAnnotators)
      .innerJoin(users, eq(users.id, importedAnnotators.userId))
      .where(eq(importedAnnotators.projectId, projectId))
      .orderBy(users.name);
    expect(rows).toEqual([
      { name: 'Ann', kind: 'imported' },
      { name: 'Ben', kind: 'imported' },
      { name: 'judge-model', kind: 'model' },
    ]);
    const other = await setUp(db);
    expect(other.ann).not.toBe((await importedAnnotatorIds(db, projectId)).get('Ann'));
  });

  it('are nobody among people: not listed, counted, found by id or by address', async () => {
    const db = database();
    const before = await countUsers(db);
    const { ann, outsiders } = await setUp(db);
    const [row] = await db.select().from(users).where(eq(users.id, ann));
    expect(await findUser(db, ann)).toBeNull();
    expect(await findUserByEmail(db, row!.email)).toBeNull();
    expect((await listStoredUsers(db)).filter(({ kind }) => kind !== 'person')).toEqual([]);
    // The control: the people who came with them are counted.
    expect(await countUsers(db)).toBe(before + 3 + outsiders.length);
  });

  it('cannot be managed, made members, given prompts or a link by anybody', async () => {
    const db = database();
    const { projectId, researcher, annotator, ann } = await setUp(db);
    const admin = await person(db, 'admin');
    expect((await listUsers(admin, db)).some(({ id }) => id === ann)).toBe(false);
    await refusal(changePerson(admin, db, ann, { active: false }), 'not_found');
    await refusal(changePerson(admin, db, ann, { role: 'admin' }), 'not_found');
    await refusal(changePerson(admin, db, annotator.userId, { active: false, transferTo: ann }), 'invalid');
    await refusal(createResetLink(admin, db, ann), 'not_found');
    await refusal(setMemberRole(researcher, db, projectId, { userId: ann, role: 'annotator' }), 'not_found');
    await refusal(assignPrompts(researcher, db, projectId, { annotatorId: ann, prompts: ['p0'] }), 'not_found');
    // The control: the same is done for a person.
    await createResetLink(admin, db, annotator.userId);
    await assignPrompts(researcher, db, projectId, { annotatorId: annotator.userId, prompts: ['p0'] });
  });

  it('have no session and no password: the database itself refuses them', async () => {
    const db = database();
    const { projectId, annotator, ann } = await setUp(db);
    const later = new Date(Date.now() + 60_000);
    const writings: Record<string, (userId: string) => Promise<unknown>> = {
      session: (userId) =>
        db.insert(sessions).values({ id: randomUUID(), token: randomUUID(), userId, expiresAt: later }),
      password: (userId) =>
        db
          .insert(accounts)
          .values({ id: randomUUID(), accountId: userId, providerId: 'credential', userId, password: 'x' }),
      factor: (userId) => db.insert(twoFactors).values({ id: randomUUID(), userId, secret: 's', backupCodes: 'c' }),
      link: (userId) => db.insert(resetLinks).values({ userId, tokenHash: randomUUID(), expiresAt: later }),
      membership: (userId) => db.insert(members).values({ projectId, userId, role: 'annotator' }).onConflictDoNothing(),
    };
    for (const [what, write] of Object.entries(writings)) {
      await expect(write(ann), what).rejects.toThrow();
      await write(annotator.userId);
    }
    await expect(db.update(users).set({ role: 'admin' }).where(eq(users.id, ann))).rejects.toThrow();
    await expect(db.update(users).set({ kind: 'person' }).where(eq(users.id, ann))).rejects.toThrow();
    await expect(db.update(users).set({ kind: 'model' }).where(eq(users.id, annotator.userId))).rejects.toThrow();
    await db.update(users).set({ kind: 'model' }).where(eq(users.id, ann));
  });

  it('cannot sign in, with whatever password', async () => {
    const db = database();
    const { ann } = await setUp(db);
    const [row] = await db.select().from(users).where(eq(users.id, ann));
    const auth = createAuth(db, 'a secret that is long enough for tests');
    for (const password of ['', 'password1234', 'null']) {
      await expect(auth.api.signInEmail({ body: { email: row!.email, password } })).rejects.toThrow();
    }
    const context = await auth.$context;
    await expect(context.internalAdapter.createSession(ann)).rejects.toThrow();
  });

  it('fill places of a prompt only where the project says so', async () => {
    const db = database();
    const { projectId, researcher, annotator, other, ann, ben, model } = await setUp(db);
    await set(db, researcher, projectId, { overlap: 2 });
    const promptId = await judge(db, projectId, ann, 'p0');
    for (const id of [ben, model]) await judge(db, projectId, id, 'p0');
    const coverage = async () => {
      const [row] = await db.select().from(promptCoverage).where(eq(promptCoverage.promptId, promptId));
      const { judged, outsideOverlap, isOpen, progress, reopened, touched } = row!;
      return { judged, outsideOverlap, isOpen, progress, reopened, touched };
    };
    const untouched = { judged: 3, reopened: 0, touched: [] };
    expect(await coverage()).toEqual({ ...untouched, outsideOverlap: 3, isOpen: true, progress: 0 });
    const counting = (importedCountIn: Counting, modelsCountIn: Counting) =>
      set(db, researcher, projectId, { importedCountIn, modelsCountIn });
    await counting('consensus', 'overlap');
    expect(await coverage()).toEqual({ ...untouched, outsideOverlap: 2, isOpen: true, progress: 1 });
    await counting('overlap', 'comparison');
    expect(await coverage()).toEqual({ ...untouched, outsideOverlap: 1, isOpen: false, progress: 2 });
    await counting('consensus', 'comparison');
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    expect(await coverage()).toMatchObject({ judged: 4, outsideOverlap: 3, isOpen: true, progress: 1 });
    const { tasks } = await getNextTasks(other, db, projectId, { exclude: [], count: 3 });
    expect(tasks.map((task) => task.promptId)).toContain(promptId);
  });

  it('are no workers: no pace, and the first to judge a prompt is a person', async () => {
    const db = database();
    const { projectId, annotator, ann } = await setUp(db);
    await judge(db, projectId, ann, 'p0');
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    const paces = await db.select().from(annotatorPaces).where(eq(annotatorPaces.projectId, projectId));
    expect(new Set(paces.map(({ annotatorId }) => annotatorId))).toEqual(new Set([annotator.userId]));
    const tallies = await db.select().from(annotatorTallies).where(eq(annotatorTallies.projectId, projectId));
    const first = Object.fromEntries(tallies.map((tally) => [tally.annotatorId, [tally.prompts, tally.firstOfPrompt]]));
    expect(first).toEqual({ [ann]: [1, 0], [annotator.userId]: [1, 1] });
  });

  it('go with their project', async () => {
    const db = database();
    const { projectId, ann } = await setUp(db);
    await judge(db, projectId, ann, 'p1');
    await db.update(projects).set({ state: 'deleting' }).where(eq(projects.id, projectId));
    await removeDeletedProjects(db);
    expect(await db.select().from(users).where(eq(users.id, ann))).toEqual([]);
  });
});

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)('leave people and places as they were before there were any (%s)', async (_kind, empty) => {
  const { db, migrate, close } = await empty();
  const before = await migrationsBefore('imported_annotators');
  try {
    await migrate(before);
    await db.execute(
      sql`insert into users (id, name, email, role) values ('u1', 'One', '1@example.org', 'admin'), ('u2', 'Two', '2@example.org', 'annotator')`,
    );
    await db.execute(
      sql`insert into sessions (id, token, user_id, expires_at) values ('s', 't', 'u1', now() + interval '1 day')`,
    );
    await db.execute(sql`insert into projects (name, tiers, prompt_count, overlap) values ('P', '["a","b"]', 3, 2)`);
    await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
      select id, 'p' || n, '[{"role":"user","content":"Why?"}]', '', n from projects, generate_series(0, 2) n`);
    await db.execute(sql`insert into responses (prompt_id, external_id, text, source, position)
      select id, 'r' || n, 'Text ' || n, 'human', n from prompts, generate_series(0, 1) n`);
    await db.execute(sql`insert into annotations (project_id, prompt_id, annotator_id, version, idempotency_key)
      select project_id, p.id, u.id, 1, p.id from prompts p, users u where p.position = 0 or (p.position = 1 and u.id = 'u2')`);
    await db.execute(sql`insert into placements (annotation_id, response_id, state, tier)
      select a.id, r.id, 'placed', r.position from annotations a join responses r using (prompt_id)`);
    const coverage = async () =>
      (
        (await db.execute(
          sql`select position, judged, wanted, is_open, progress, touched from prompt_coverage order by position`,
        )) as unknown as { rows: { is_open: boolean }[] }
      ).rows;
    const held = await coverage();
    expect(held.map(({ is_open }) => is_open)).toEqual([false, true, true]);
    await migrate();
    expect(await coverage()).toEqual(held);
    await db.execute(sql`select place_prompts(id) from projects`);
    expect(await coverage()).toEqual(held);
    expect((await db.select().from(users)).map(({ kind }) => kind)).toEqual(['person', 'person']);
    expect(await db.select({ id: sessions.id }).from(sessions)).toEqual([{ id: 's' }]);
    const [project] = await db.select().from(projects);
    expect(project).toMatchObject({ importedCountIn: 'consensus', modelsCountIn: 'comparison' });
  } finally {
    await close();
    await rm(before, { recursive: true });
  }
});
