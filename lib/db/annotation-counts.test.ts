/** What the triggers of the migration kept_counts keep, against a count of every row from scratch. */
import { rm } from 'node:fs/promises';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  annotationHeads,
  annotations,
  annotatorPaces,
  annotatorTallies,
  placements,
  projects,
  promptMarks,
  prompts,
  responses,
} from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { addResponses } from '@/lib/services/add-responses';
import { importPrompts } from '@/lib/services/import-prompts';
import { projectWithPeople, promptFile } from '@/lib/services/people.test-support';
import { changeMark } from '@/lib/services/prompt-marks';
import { saveAnnotation } from '@/lib/services/save-annotation';
import { getNextTasks, getTask } from '@/lib/services/tasks';
import { FAST_CHARACTERS_PER_SECOND } from '@/lib/services/work-signs';
import type { Placement } from '@/trainer/contract/judgement';
import type { Database } from './client';
import { describeOnEachDatabase, emptyPGlite, emptyPostgres, migrationsBefore } from './testing';

/** Everything kept of a project, and the same counted from its rows; each in an order of its own, by key. */
async function keptAndCounted(db: Database, projectId: string) {
  return { kept: await kept(db, projectId), counted: await counted(db, projectId) };
}

const byKey = <T>(rows: readonly (readonly [string, T])[]) =>
  Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));

async function kept(db: Database, projectId: string) {
  const [project] = await db.select().from(projects).where(eq(projects.id, projectId));
  const heads = await db.select().from(annotationHeads).where(eq(annotationHeads.projectId, projectId));
  const tallies = await db.select().from(annotatorTallies).where(eq(annotatorTallies.projectId, projectId));
  const paces = await db.select().from(annotatorPaces).where(eq(annotatorPaces.projectId, projectId));
  const judges = tallies.filter((tally) => tally.prompts + tally.skipped + tally.flagged > 0);
  const settled = async (annotatorId: string) => {
    const { rows } =
      (await db.execute(sql`select position from prompts, annotator_tallies t where prompts.project_id = ${projectId}
      and t.project_id = ${projectId} and t.annotator_id = ${annotatorId} and position <@ t.settled order by position`)) as unknown as {
        rows: { position: number }[];
      };
    return rows.map(({ position }) => position);
  };
  return {
    prompts: project!.promptCount,
    responses: project!.responseCount,
    heads: byKey(
      heads.map(({ promptId, annotatorId, projectId: _, createdAt: __, firstOfPrompt: ___, ...head }) => [
        promptId + annotatorId,
        head,
      ]),
    ),
    judgedPrompts: tallies.reduce((sum, { firstOfPrompt }) => sum + firstOfPrompt, 0),
    firstHeads: heads.filter(({ firstOfPrompt }) => firstOfPrompt).length,
    tallies: byKey(
      await Promise.all(
        judges.map(
          async ({ annotatorId, projectId: _, firstOfPrompt: __, ...tally }) =>
            [annotatorId, { ...tally, settled: await settled(annotatorId) }] as const,
        ),
      ),
    ),
    paces: byKey(
      paces
        .filter((pace) => pace.prompts > 0)
        .map(({ annotatorId, seconds, prompts: n }) => [`${annotatorId} ${seconds}`, n]),
    ),
  };
}

async function counted(db: Database, projectId: string) {
  const ownPrompts = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
  const promptById = new Map(ownPrompts.map((prompt) => [prompt.id, prompt]));
  const ownResponses = (await db.select().from(responses)).filter(({ promptId }) => promptById.has(promptId));
  const responseById = new Map(ownResponses.map((response) => [response.id, response]));
  const versions = await db.select().from(annotations).where(eq(annotations.projectId, projectId));
  const placed = await db.select().from(placements);
  const marks = await db.select().from(promptMarks).where(eq(promptMarks.projectId, projectId));
  const { rows: read } =
    (await db.execute(sql`select id, reading_length(messages::text) as length from prompts union all
    select id, reading_length(text) from responses`)) as unknown as { rows: { id: string; length: number }[] };
  const lengths = new Map(read.map(({ id, length }) => [id, length]));
  const looked = versions.map((version) => {
    const own = placed.filter(({ annotationId }) => annotationId === version.id);
    const length = own.reduce((sum, { responseId }) => sum + lengths.get(responseId)!, lengths.get(version.promptId)!);
    const seen = new Set(own.map(({ responseId }) => responseById.get(responseId)!.text));
    const added = ownResponses.filter(({ promptId, addedAt }) => promptId === version.promptId && addedAt !== null);
    return {
      version,
      own,
      fast: version.timeOnTaskMs * FAST_CHARACTERS_PER_SECOND < length * 1000,
      finished: added.every(({ text }) => seen.has(text)),
    };
  });
  const pairs = new Map<string, typeof looked>();
  for (const one of looked) {
    const key = one.version.promptId + one.version.annotatorId;
    pairs.set(key, [...(pairs.get(key) ?? []), one]);
  }
  const heads = [...pairs].map(([key, all]) => {
    const newest = all.reduce((a, b) => (a.version.version > b.version.version ? a : b));
    const states = (state: string) => newest.own.filter((placement) => placement.state === state).length;
    const tiers = new Set(newest.own.filter(({ state }) => state === 'placed').map(({ tier }) => tier));
    return {
      key,
      annotatorId: newest.version.annotatorId,
      position: promptById.get(newest.version.promptId)!.position,
      promptId: newest.version.promptId,
      head: {
        annotationId: newest.version.id,
        version: newest.version.version,
        placed: states('placed'),
        cannotJudge: states('cannot_judge'),
        notJudged: states('not_judged'),
        singleTier: states('placed') > 1 && tiers.size === 1,
        longestMs: Math.max(...all.map(({ version }) => version.timeOnTaskMs)),
        fast: all.every(({ fast }) => fast),
        finished: all.some(({ finished }) => finished),
      },
    };
  });
  const people = new Set([...heads, ...marks].map(({ annotatorId }) => annotatorId));
  const tallies = [...people].map((annotatorId) => {
    const own = heads.filter((head) => head.annotatorId === annotatorId);
    const marked = marks.filter((mark) => mark.annotatorId === annotatorId);
    const skipped = marked.filter(({ kind }) => kind === 'skipped');
    const sum = (of: (head: (typeof own)[number]['head']) => number | boolean) =>
      own.reduce((total, { head }) => total + Number(of(head)), 0);
    const settled = new Set([
      ...own.filter(({ head }) => head.finished).map(({ position }) => position),
      ...skipped.map(({ promptId }) => promptById.get(promptId)!.position),
    ]);
    const tally = {
      annotatorId,
      versions: sum(({ version }) => version),
      prompts: own.length,
      finished: sum(({ finished }) => finished),
      fast: sum(({ fast }) => fast),
      severalPlaced: sum(({ placed: n }) => n > 1),
      singleTier: sum(({ singleTier }) => singleTier),
      cannotJudge: sum(({ cannotJudge }) => cannotJudge),
      responses: sum(({ placed: n, cannotJudge, notJudged }) => n + cannotJudge + notJudged),
      skipped: skipped.length,
      flagged: marked.length - skipped.length,
      settled: [...settled].sort((a, b) => a - b),
    };
    const { annotatorId: _, ...rest } = tally;
    return [annotatorId, rest] as const;
  });
  const paces = new Map<string, number>();
  for (const { annotatorId, head } of heads) {
    const key = `${annotatorId} ${Math.round(head.longestMs / 1000)}`;
    paces.set(key, (paces.get(key) ?? 0) + 1);
  }
  const judged = new Set(heads.map(({ promptId }) => promptId)).size;
  return {
    prompts: ownPrompts.length,
    responses: ownResponses.length,
    heads: byKey(heads.map(({ key, head }) => [key, head])),
    judgedPrompts: judged,
    firstHeads: judged,
    tallies: byKey(tallies),
    paces: byKey([...paces]),
  };
}

type Step =
  | { kind: 'import'; count: number }
  | { kind: 'add'; prompt: number; text: number }
  | { kind: 'save'; who: number; prompt: number; tiers: (number | null)[]; ms: number; stale: boolean }
  | { kind: 'mark'; who: number; prompt: number; mark: 'skipped' | 'flagged'; off: boolean };

const who = fc.nat(2);
const prompt = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('import' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), prompt, text: fc.nat(3) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      who,
      prompt,
      tiers: fc.array(fc.option(fc.nat(3)), { minLength: 12, maxLength: 12 }),
      ms: fc.integer({ min: 0, max: 5000 }),
      stale: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      who,
      prompt,
      mark: fc.constantFrom('skipped', 'flagged'),
      off: fc.boolean(),
    }),
  },
);

describeOnEachDatabase('the kept counts', (database) => {
  it('equal a count of all rows after any sequence of actions', async () => {
    const db = database();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 40, size: 'max' }), async (steps) => {
        const { projectId, researcher, annotator, other } = await projectWithPeople(db);
        const people = [researcher, annotator, other];
        let imported = 0;
        const importMore = async (count: number) => {
          await importPrompts(researcher, db, projectId, promptFile(count, { from: imported }));
          imported += count;
        };
        await importMore(4);
        const promptAt = async (n: number) => {
          const rows = await db
            .select({ id: prompts.id })
            .from(prompts)
            .where(eq(prompts.projectId, projectId))
            .orderBy(prompts.position);
          return rows[n % rows.length]!.id;
        };
        for (const [i, one] of steps.entries()) {
          if (one.kind === 'import') await importMore(one.count);
          else if (one.kind === 'add') {
            const promptId = await promptAt(one.prompt);
            await addResponses(researcher, db, projectId, {
              source: 'a-model',
              prompts: [{ promptId, responses: [{ text: `Added ${one.text}` }] }],
            });
          } else if (one.kind === 'save')
            await save(
              db,
              people[one.who]!,
              { projectId, promptId: await promptAt(one.prompt) },
              one,
              `key-number-${i}`,
            );
          else {
            const mark = one.off
              ? null
              : one.mark === 'skipped'
                ? { kind: 'skipped' as const, reason: 'language' as const, note: '' }
                : { kind: 'flagged' as const, note: '' };
            const change = {
              promptId: await promptAt(one.prompt),
              idempotencyKey: `mark-number-${i}`,
              kind: one.mark,
              mark,
            };
            // A prompt that was judged is not skipped.
            await changeMark(people[one.who]!, db, projectId, change).catch((error: Error) =>
              expect(error.name).toBe('Refusal'),
            );
          }
        }
        const { kept: held, counted: expected } = await keptAndCounted(db, projectId);
        expect(held).toEqual(expected);
        for (const person of people)
          await queueIsComplete(db, person, projectId, expected.tallies[person.userId]?.settled ?? []);
      }),
      { numRuns: 3 },
    );
  }, 300_000);

  // Control: without lockPrompts in save-annotation and appendResponses, and in note_annotations, counts drift on PostgreSQL.
  it('are right when people judge the same prompts at the same moment while responses are added', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(6));
    const ids = (await db.select({ id: prompts.id }).from(prompts).where(eq(prompts.projectId, projectId))).map(
      ({ id }) => id,
    );
    const saving = { kind: 'save' as const, who: 0, prompt: 0, tiers: new Array(12).fill(0), ms: 9, stale: false };
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        ...ids.flatMap((id) =>
          [researcher, annotator, other].map((person) =>
            save(db, person, { projectId, promptId: id }, saving, `round-${round}-of-${id}`),
          ),
        ),
        addResponses(researcher, db, projectId, {
          source: 'a-model',
          prompts: ids.map((promptId) => ({ promptId, responses: [{ text: `Round ${round}` }] })),
        }),
      ]);
    }
    const { kept: held, counted: expected } = await keptAndCounted(db, projectId);
    expect(held).toEqual(expected);
  }, 300_000);
});

/** On the version in force, with the responses that are there; `stale`: as a board that was opened before some were added. */
async function save(
  db: Database,
  actor: Actor,
  { projectId, promptId }: { projectId: string; promptId: string },
  one: Extract<Step, { kind: 'save' }>,
  idempotencyKey: string,
) {
  const task = await getTask(actor, db, projectId, promptId);
  const came = await db.select().from(responses).where(eq(responses.promptId, promptId));
  const old = new Set(came.filter(({ addedAt }) => addedAt === null).map(({ id }) => id));
  const placed = task.responses
    .filter(({ id }) => !one.stale || old.has(id))
    .map(({ id: responseId }, i): Placement => {
      const tier = one.tiers[i]!;
      return tier === null
        ? { responseId, state: i % 2 ? 'cannot_judge' : 'not_judged', tier: null }
        : { responseId, state: 'placed', tier };
    });
  const baseVersion = task.annotation?.version ?? 0;
  await saveAnnotation(actor, db, projectId, {
    promptId,
    idempotencyKey,
    baseVersion,
    allBad: true,
    timeOnTaskMs: one.ms,
    placements: placed,
  });
}

/** The queue holds every prompt that is not settled, in import order. */
async function queueIsComplete(db: Database, actor: Actor, projectId: string, settled: readonly number[]) {
  const found: string[] = [];
  for (let more = 1; more > 0; ) {
    const { tasks } = await getNextTasks(actor, db, projectId, { exclude: found, count: 10 });
    more = tasks.length;
    found.push(...tasks.map(({ promptId }) => promptId));
  }
  const rows = await db.select().from(prompts).where(eq(prompts.projectId, projectId)).orderBy(prompts.position);
  expect(found).toEqual(rows.filter(({ position }) => !settled.includes(position)).map(({ id }) => id));
}

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)('are made of what was there before they were kept (%s)', async (_kind, empty) => {
  const { db, migrate, close } = await empty();
  const before = await migrationsBefore('kept_counts');
  try {
    await migrate(before);
    await db.execute(
      sql`insert into users (id, name, email) select 'u' || n, 'Person', n || '@example.org' from generate_series(1, 3) n`,
    );
    await db.execute(
      sql`insert into projects (name, tiers, prompt_count, response_count, additions)
      select 'Project ' || n, '["a","b","c"]', 12, 40, 1 from generate_series(1, 2) n`,
    );
    await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
      select id, 'p' || n, '[{"role":"user","content":"Why, and how?"}]', '', n from projects, generate_series(0, 11) n`);
    await db.execute(sql`insert into responses (prompt_id, external_id, text, source, position, added_at, addition)
      select id, 'r' || n, 'A text that says ' || n, 'human', n, case when n = 3 then now() end, case when n = 3 then 1 end
      from prompts, generate_series(0, 3) n where n < 3 or prompts.position % 3 = 0`);
    await db.execute(sql`insert into annotations (project_id, prompt_id, annotator_id, version, idempotency_key, time_on_task_ms)
      select project_id, prompts.id, users.id, v, prompts.id || '-' || v, (position * 7919 + v * 104729) % 4000
      from prompts, users, generate_series(1, 3) v where position < 9 and (position + right(users.id, 1)::int) % 4 >= v`);
    await db.execute(sql`insert into placements (annotation_id, response_id, state, tier)
      select a.id, r.id, case when r.position = 1 then 'cannot_judge' else 'placed' end, case when r.position <> 1 then a.version % 2 * r.position % 3 end
      from annotations a join responses r using (prompt_id) where r.added_at is null or a.version = 2`);
    await db.execute(sql`insert into prompt_marks (prompt_id, annotator_id, kind, project_id)
      select prompts.id, users.id, kind, project_id from prompts, users, (values ('skipped'), ('flagged')) kinds (kind)
      where (kind = 'skipped' and position = 10) or (kind = 'flagged' and position in (2, 10))`);
    await migrate();
    for (const { id } of await db.select({ id: projects.id }).from(projects)) {
      const { kept: held, counted: expected } = await keptAndCounted(db, id);
      expect(Object.keys(expected.heads).length).toBeGreaterThan(10);
      expect(held).toEqual(expected);
    }
  } finally {
    await close();
    await rm(before, { recursive: true });
  }
});
