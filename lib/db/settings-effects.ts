/** Counts what changed settings would do. Like the change itself, some of these go over the whole project. */
import { and, count, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { annotationHeads, annotatorTallies, assignments, goldPrompts, members, promptCoverage } from '@/drizzle/schema';
import type { Database } from './client';

async function rowsOf<Row>(db: Database, query: SQL): Promise<Row[]> {
  return ((await db.execute(query)) as unknown as { rows: Row[] }).rows;
}

/** The columns by which it is decided how many annotators a prompt wants, and who counts as one of them. */
export interface PlacingColumns {
  overlap: number | null;
  overlap_sample: number | null;
  overlap_sample_percent: number;
  overlap_minimum: number | null;
  closing_certainty: number;
  imported_count_in: string;
  models_count_in: string;
}

/** By the function that decides it when the settings are in force. */
export async function placingEffects(db: Database, projectId: string, after: PlacingColumns, countsOthers: boolean) {
  // Who fills places is looked up only where that would change.
  const filled = countsOthers
    ? sql`cross join lateral (
        select cast(count(*) filter (where fills_place(n, u.kind)) as integer) as filled,
          cast(count(*) filter (where fills_place(n, u.kind) and h.finished) as integer) as judged
        from annotation_heads h join users u on u.id = h.annotator_id where h.prompt_id = c.prompt_id) f`
    : sql`cross join lateral (
        select c.judged - c.outside_overlap as filled, c.judged - c.outside_overlap - c.reopened as judged) f`;
  const [row] = await rowsOf<{ reopened: number; closed: number; judgements: number; uncertain: number }>(
    db,
    sql`
    select cast(count(*) filter (where c.progress = 2 and not a.done) as integer) as reopened,
      cast(count(*) filter (where c.progress < 2 and a.done) as integer) as closed,
      cast(coalesce(sum(greatest(coalesce(a.wanted, 1) - f.judged, 0)
        - greatest(coalesce(c.wanted, 1) - (c.judged - c.outside_overlap - c.reopened), 0)), 0) as integer) as judgements,
      cast(count(*) filter (where n.overlap_minimum is not null and c.certainty is null
        and f.judged between n.overlap_minimum and n.overlap - 1) as integer) as uncertain
    from projects p cross join lateral jsonb_populate_record(p, ${JSON.stringify(after)}::jsonb) n
    join prompt_coverage c on c.project_id = p.id
    ${filled}
    cross join lateral (select wanted_annotators(n, c, f.filled) as wanted) w
    cross join lateral (select w.wanted, f.judged > 0 and f.judged >= coalesce(w.wanted, 1) as done) a
    where p.id = ${projectId} and c.position < p.prompt_count and not c.is_gold and not c.is_withdrawn`,
  );
  return row!;
}

export async function countHeld(db: Database, projectId: string): Promise<number> {
  const held = and(
    eq(assignments.projectId, projectId),
    eq(assignments.state, 'held'),
    isNotNull(assignments.leasedUntil),
  );
  const [row] = await db.select({ n: count() }).from(assignments).where(held);
  return row!.n;
}

/** How many prompts each member who annotates has judged, gold apart; and how many gold prompts. */
export async function judgedByMembers(db: Database, projectId: string): Promise<{ judged: number; gold: number }[]> {
  const gold = sql<number>`cast((select count(*) from ${goldPrompts} g join ${annotationHeads} h on h.prompt_id = g.prompt_id
    where g.project_id = ${projectId} and h.annotator_id = ${members.userId}) as integer)`;
  const rows = await db
    .select({ prompts: annotatorTallies.prompts, gold })
    .from(members)
    .leftJoin(
      annotatorTallies,
      and(eq(annotatorTallies.projectId, members.projectId), eq(annotatorTallies.annotatorId, members.userId)),
    )
    .where(and(eq(members.projectId, projectId), eq(members.role, 'annotator')));
  return rows.map(({ prompts, gold: own }) => ({ judged: (prompts ?? 0) - own, gold: own }));
}

/** Answers of members who annotate, all of them and those on prompts that are decided. */
export async function finishedAnswers(db: Database, projectId: string): Promise<{ all: number; decided: number }> {
  const [row] = await rowsOf<{ all: number; decided: number }>(
    db,
    sql`
    select cast(coalesce((select sum(t.finished) from annotator_tallies t join members m on m.project_id = t.project_id and m.user_id = t.annotator_id
        where t.project_id = ${projectId} and m.role = 'annotator'), 0) as integer) as all,
      cast((select count(*) from prompt_coverage c join annotation_heads h on h.prompt_id = c.prompt_id
        join members m on m.project_id = c.project_id and m.user_id = h.annotator_id
        where c.project_id = ${projectId} and c.decided_at is not null and h.finished and m.role = 'annotator') as integer) as decided`,
  );
  return row!;
}

export async function countDecided(db: Database, projectId: string): Promise<number> {
  const decided = and(eq(promptCoverage.projectId, projectId), isNotNull(promptCoverage.decidedAt));
  const [row] = await db.select({ n: count() }).from(promptCoverage).where(decided);
  return row!.n;
}
