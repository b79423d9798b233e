/**
 * A project of any size for benches and for tests of growth, made by a few statements: every annotator has gone
 * through the first half of the prompts in import order, two minutes apiece, and skipped one in fifty.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './client';

export interface LargeProject {
  projectId: string;
  researcherId: string;
  annotatorIds: string[];
  snapshotId: string;
  runId: string;
}

const RESPONSES = 4;
const GOLD = 20;

/**
 * @param words in each response
 * @param flagEvery one in this many judged prompts is flagged as well
 * @param annotators each judges half of the prompts, so that six make three annotations a prompt
 */
export async function seedLargeProject(
  db: Database,
  prompts: number,
  { words = 80, flagEvery = 100, annotators = 4 } = {},
): Promise<LargeProject> {
  const one = async (query: SQL): Promise<string> => {
    const { rows } = (await db.execute(query)) as unknown as { rows: { id: string }[] };
    return rows[0]!.id;
  };
  const person = (role: string) =>
    one(sql`insert into users (id, name, email, role)
      select id, ${role}, id || '@example.org', ${role} from (select gen_random_uuid()::text as id) made returning id`);
  const researcherId = await person('researcher');
  const annotatorIds: string[] = [];
  for (let i = 0; i < annotators; i++) annotatorIds.push(await person('annotator'));
  const projectId =
    await one(sql`insert into projects (name, tiers, created_by, gold_warm_up, gold_every, prompt_count, response_count)
    values ('A large project', '["best","good","weak","bad"]', ${researcherId}, 3, 50, ${prompts}, ${prompts * RESPONSES}) returning id`);
  await db.execute(sql`insert into members (project_id, user_id, role)
    select ${projectId}, id, role from users where id in ${[researcherId, ...annotatorIds]}`);
  await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
    select ${projectId}, 'p' || n, jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'Question ' || n || '?')),
      md5(n::text), n from generate_series(0, ${prompts - 1}::int) n`);
  await db.execute(sql`insert into responses (prompt_id, external_id, text, source, position)
    select id, 'r' || k, repeat(substr(md5(external_id || k), 1, 5) || ' ', ${words}::int), case k when 0 then 'human' else 'model-' || k end, k
    from prompts cross join generate_series(0, ${RESPONSES - 1}) k where project_id = ${projectId}`);
  await judge(db, projectId, [researcherId], sql`p.position % 7 = 0 and p.position < ${GOLD * 7}`);
  await db.execute(sql`insert into gold_prompts (prompt_id, project_id, expected, created_by)
    select p.id, p.project_id, (select jsonb_object_agg(r.id, r.position % 3) from responses r where r.prompt_id = p.id), ${researcherId}
    from prompts p where p.project_id = ${projectId} and p.position % 7 = 0 and p.position < ${GOLD * 7}`);
  const begun = sql`p.position < ${prompts / 2}`;
  await judge(db, projectId, annotatorIds, sql`${begun} and p.position % 50 <> 49`);
  await judge(db, projectId, annotatorIds, sql`${begun} and p.position % 20 = 0`, 2);
  await db.execute(sql`insert into prompt_marks (prompt_id, annotator_id, kind, project_id, note, created_at)
    select p.id, u.id, case when p.position % 50 = 49 then 'skipped' else 'flagged' end, ${projectId}, '', now() - p.position * interval '1 minute'
    from prompts p, users u where p.project_id = ${projectId} and ${begun} and u.id in ${annotatorIds}
      and (p.position % 50 = 49 or p.position % ${flagEvery}::int = 0)`);
  const snapshotId = await one(sql`insert into snapshots (project_id, name, hash, header, prompt_count, pair_count)
    values (${projectId}, 'A snapshot', 'hash', '{"tiers":["best","good"],"counts":{}}', ${prompts / 2}, 0) returning id`);
  await db.execute(sql`insert into snapshot_records (snapshot_id, position, record)
    select ${snapshotId}, position, json_build_object('id', external_id, 'prompt', messages, 'responses', '[]'::json, 'pairs', '[]'::json)::text
    from prompts where project_id = ${projectId} and position < ${prompts / 2}`);
  await db.execute(
    sql`insert into models (id, name, kind, parameters) values ('a-model', 'A model', 'added', 1) on conflict do nothing`,
  );
  const runId = await one(sql`insert into runs (project_id, snapshot_id, model_id, config, status)
    values (${projectId}, ${snapshotId}, 'a-model', '{}', 'finished') returning id`);
  return { projectId, researcherId, annotatorIds, snapshotId, runId };
}

async function judge(db: Database, projectId: string, who: readonly string[], where: SQL, version = 1): Promise<void> {
  await db.execute(sql`with judged as (
      insert into annotations (project_id, prompt_id, annotator_id, version, idempotency_key, time_on_task_ms, created_at)
      select p.project_id, p.id, u.id, ${version}::int, 'key-' || p.id || '-' || ${version}::int, 10000 + (p.position * 7919 % 240) * 500,
        now() - (max(p.position) over () - p.position) * interval '2 minutes'
      from prompts p, users u where p.project_id = ${projectId} and ${where} and u.id in ${[...who]}
      returning id, prompt_id)
    insert into placements (annotation_id, response_id, state, tier)
    select judged.id, r.id, case when r.position = 3 then 'cannot_judge' else 'placed' end, case when r.position < 3 then r.position end
    from judged join responses r using (prompt_id)`);
}
