/** Many annotators at once who ask, judge, wander off and come back late, until every prompt has its annotations. */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { members, projects, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { placePrompts } from '@/lib/db/coverage';
import type { Task } from '@/lib/schemas/annotation';
import { seededRandom } from '@/trainer/data/seeded-random';
import { certaintyWork } from './certainty';
import { saveAnnotation } from './save-annotation';
import { getNextTasks } from './tasks';

export interface Race {
  clients: number;
  overlap: number;
  prompts: number;
  seed: number;
  /** Prompts are closed after as many, where their consensus is certain; `overlap` is then the most. */
  overlapMinimum?: number;
  /** A third of the prompts each is in English, in Japanese and in no known language; a third of the annotators each reads one, or all. */
  inLanguages?: boolean;
}

export interface RaceResult {
  /** How many prompts have so many distinct annotators in force, those that are extra left out. */
  promptsByAnnotators: Record<number, number>;
  /** Annotations, and those among them that were marked as extra. */
  saved: number;
  extra: number;
  /** Saves that were acknowledged and are not there. */
  lost: number;
  /** How often the same annotator was given the same prompt after judging it. */
  twice: number;
  /** The most annotations and live places that a prompt had at any moment at which it was looked at. */
  mostAtOnce: number;
  expired: number;
  /** Prompts whose kept coverage is not what a count of the rows says. */
  drifted: number;
  /** Prompts with fewer annotators than the most, which are not certain enough. */
  closedTooSoon: number;
  /** Annotations of prompts in languages that their annotators do not read. */
  unread: number;
}

/** A database whose transactions are none: every statement stands for itself. The control of the race. */
export function withoutTransactions(db: Database): Database {
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'transaction') return (task: (tx: Database) => Promise<unknown>) => task(target);
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const keyOf = ({ userId }: Actor, { promptId }: Pick<Task, 'promptId'>) => `${userId} ${promptId}`;

/** @param asking the database that prompts are asked from; saves always go to `db` */
export async function race(db: Database, { seed, ...size }: Race, asking: Database = db): Promise<RaceResult> {
  const random = seededRandom(seed);
  const { projectId, annotators } = await seedRace(db, size);
  const acknowledged: string[] = [];
  const judged = new Set<string>();
  /** Boards that somebody put aside, by person and prompt. */
  const lateBoards = new Map<string, { actor: Actor; task: Task }>();
  let [twice, expired, mostAtOnce] = [0, 0, 0];
  const save = async (actor: Actor, task: Task) => {
    const { annotationId } = await saveAnnotation(actor, db, projectId, {
      promptId: task.promptId,
      idempotencyKey: randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 1,
      placements: task.responses.map(({ id }, tier) => ({ responseId: id, state: 'placed', tier })),
    });
    acknowledged.push(annotationId);
    judged.add(keyOf(actor, task));
    lateBoards.delete(keyOf(actor, task));
  };
  const expire = async () => {
    const { rows } = (await db.execute(sql`update assignments set leased_until = now() - interval '1 second'
      where project_id = ${projectId} and state = 'held' and leased_until > now() returning 1`)) as { rows: unknown[] };
    expired += rows.length;
  };
  const look = async () => {
    const most = await one<number>(
      db,
      sql`select max(n)::int as value from (select count(*) filter (where state = 'held' or not extra) as n
        from assignments where project_id = ${projectId} group by prompt_id) counted`,
    );
    mostAtOnce = Math.max(mostAtOnce, most ?? 0);
  };

  const client = async (actor: Actor): Promise<void> => {
    const putAside: string[] = [];
    for (;;) {
      const { tasks } = await getNextTasks(actor, asking, projectId, { exclude: putAside, count: 2 });
      twice += tasks.filter(({ promptId }) => judged.has(keyOf(actor, { promptId }))).length;
      if (tasks.length === 0) return;
      for (const task of tasks) {
        // The very first board is always put aside, so that every race has a lease that ends before its save.
        if (lateBoards.size === 0 || random() < 0.25) {
          lateBoards.set(keyOf(actor, task), { actor, task });
          putAside.push(task.promptId);
        } else await save(actor, task);
      }
    }
  };

  for (let round = 0; ; round++) {
    await Promise.all(annotators.map(client));
    await look();
    await certaintyWork(projectId);
    const left = await one<number>(
      db,
      sql`select count(*)::int as value from prompt_coverage where project_id = ${projectId} and (is_open or held > 0)`,
    );
    if (left === 0) break;
    if (round > 200) throw new Error(`${left} prompts starve.`);
    await expire();
    // Some of the late ones come now, while other people ask.
    const late = [...lateBoards.values()].filter(() => random() < 0.5);
    const busy = new Set(late.map(({ actor }) => actor));
    await Promise.all([
      ...late.map(({ actor, task }) => save(actor, task)),
      ...annotators.filter((actor) => !busy.has(actor)).map(client),
    ]);
    await look();
  }

  const { rows } = (await db.execute(sql`select n, count(*)::int as prompts from (
      select count(*) filter (where state = 'done' and not extra)::int as n from assignments
      where project_id = ${projectId} group by prompt_id) counted group by n`)) as unknown as {
    rows: { n: number; prompts: number }[];
  };
  const count = (where: ReturnType<typeof sql>) =>
    one<number>(db, sql`select count(*)::int as value from ${where}`) as Promise<number>;
  const stored = await count(sql`annotations where project_id = ${projectId}`);
  return {
    promptsByAnnotators: Object.fromEntries(rows.map((row) => [row.n, row.prompts])),
    saved: stored,
    extra: await count(sql`assignments where project_id = ${projectId} and extra`),
    lost: new Set(acknowledged).size - stored,
    twice,
    mostAtOnce,
    expired,
    drifted: await countDrifted(db, projectId),
    unread: await count(sql`annotations a join prompts p on p.id = a.prompt_id
      join members m on m.project_id = p.project_id and m.user_id = a.annotator_id
      where p.project_id = ${projectId} and m.languages <> '{}' and p.language is not null and p.language <> all(m.languages)`),
    closedTooSoon: await count(sql`prompt_coverage c join projects p on p.id = c.project_id
      where project_id = ${projectId} and judged < p.overlap and coalesce(certainty, 0) < p.closing_certainty * 10`),
  };
}

/** Counts the prompts whose kept coverage differs from one that is counted from all rows. */
export async function countDrifted(db: Database, projectId: string): Promise<number> {
  return (await one<number>(
    db,
    sql`select count(*)::int as value from prompts p join projects o on o.id = p.project_id left join prompt_coverage c on c.prompt_id = p.id
      where p.project_id = ${projectId} and (c.position, c.judged, c.held, c.is_gold, c.touched, c.is_open) is distinct from (
        p.position,
        (select count(distinct annotator_id)::int from annotations a where a.prompt_id = p.id),
        (select count(*)::int from assignments a where a.prompt_id = p.id and a.state = 'held'),
        exists (select from gold_prompts g where g.prompt_id = p.id),
        array(select annotator_id from annotations a where a.prompt_id = p.id union select annotator_id from assignments a where a.prompt_id = p.id and a.state = 'held'
          union select annotator_id from prompt_marks m where m.prompt_id = p.id and m.kind = 'skipped' order by 1),
        not exists (select from gold_prompts g where g.prompt_id = p.id) and (o.overlap is null or wanted_annotators(o, c, c.judged) > (
          select count(*) from (select annotator_id from annotations a where a.prompt_id = p.id
            union select annotator_id from assignments a where a.prompt_id = p.id and a.state = 'held') taken)))`,
  ))!;
}

async function one<T>(db: Database, query: ReturnType<typeof sql>): Promise<T | null> {
  const { rows } = (await db.execute(query)) as unknown as { rows: { value: T }[] };
  return rows[0]?.value ?? null;
}

const readBy = [['en'], ['ja'], []];

async function seedRace(
  db: Database,
  { clients, overlap, prompts, overlapMinimum, inLanguages = false }: Omit<Race, 'seed'>,
) {
  const ids = Array.from({ length: clients }, () => randomUUID());
  await db
    .insert(users)
    .values(ids.map((id) => ({ id, name: 'annotator', email: `${id}@example.org`, role: 'annotator' })));
  const [project] = await db
    .insert(projects)
    .values({
      name: 'A race',
      tiers: ['good', 'bad'],
      promptCount: prompts,
      responseCount: prompts * 2,
      overlap,
      overlapMinimum: overlapMinimum ?? null,
      assignmentOrder: overlapMinimum === undefined ? 'import' : 'least_certain',
    })
    .returning();
  const projectId = project!.id;
  await db.insert(members).values(
    ids.map((userId, i) => ({
      projectId,
      userId,
      role: 'annotator',
      languages: inLanguages ? readBy[i % readBy.length]! : [],
    })),
  );
  await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position, language)
    select ${projectId}, 'p' || n, '[{"role":"user","content":"Why?"}]', md5(n::text), n,
      case when ${inLanguages} then (array['en', 'ja', null])[n % 3 + 1] end from generate_series(0, ${prompts - 1}::int) n`);
  await db.execute(sql`insert into responses (prompt_id, external_id, text, source, position)
    select id, 'r' || k, external_id || ' says ' || k, 'human', k from prompts cross join generate_series(0, 1) k where project_id = ${projectId}`);
  await placePrompts(db, projectId);
  return { projectId, annotators: ids.map((userId): Actor => ({ userId, role: 'annotator' })) };
}
