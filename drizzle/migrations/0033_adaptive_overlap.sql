CREATE TABLE "judgement_models" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"model" jsonb NOT NULL,
	"versions" integer NOT NULL,
	"estimated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "certainty" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "overlap_minimum" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "closing_certainty" integer DEFAULT 95 NOT NULL;--> statement-breakpoint
ALTER TABLE "judgement_models" ADD CONSTRAINT "judgement_models_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE FUNCTION "is_sampled"("project" projects, "position" integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(project.overlap IS NOT NULL AND project.overlap_sample IS NOT NULL
    AND prompt_draw(project.id, position, 'sample') < project.overlap_sample_percent * (1::bigint << 32) / 100, false)
$$;
--> statement-breakpoint
CREATE FUNCTION "wanted_annotators"("project" projects, "coverage" prompt_coverage, "judged" integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  -- Where overlap adapts, a prompt wants one more annotator after the other until its consensus is certain enough; never more
  -- than the overlap. The sample has its own number, whatever comes of it: there, people's reliability is learned.
  SELECT CASE WHEN is_sampled(project, coverage.position) THEN project.overlap_sample
    WHEN project.overlap IS NULL OR project.overlap_minimum IS NULL THEN project.overlap
    WHEN judged < project.overlap_minimum THEN least(project.overlap, project.overlap_minimum)
    WHEN coverage.certainty >= project.closing_certainty * 10 THEN least(project.overlap, judged)
    ELSE least(project.overlap, judged + 1) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "order_key"("project" projects, "coverage" prompt_coverage, "covered" integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE project.assignment_order WHEN 'random' THEN prompt_draw(project.id, coverage.position, 'order')
    WHEN 'least_covered' THEN (covered::bigint << 32) + coverage.position
    WHEN 'most_disagreed' THEN (-coalesce(coverage.disagreement, 0)::bigint << 32) + coverage.position
    WHEN 'least_certain' THEN (coalesce(coverage.certainty, 0)::bigint << 32) + coverage.position
    WHEN 'priority' THEN (-coverage.priority::bigint << 32) + coverage.position
    ELSE coverage.position END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_coverage"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever changes the places of a prompt comes before or after.
  PERFORM 1 FROM prompt_coverage WHERE prompt_id = ANY (ids) ORDER BY prompt_id FOR NO KEY UPDATE;
  UPDATE prompt_coverage c SET judged = n.judged, held = n.held, reopened = n.reopened, flags = n.flags, skips = n.skips,
    wanted = wanted_annotators(p, c, n.judged), order_key = order_key(p, c, n.judged + n.held),
    changed_at = greatest(c.changed_at, n.changed_at), touched = n.touched, touched_hash = touched_hash(c.language, n.touched)
  FROM unnest(ids) AS noted (id) JOIN prompt_coverage k ON k.prompt_id = noted.id JOIN projects p ON p.id = k.project_id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'judged')::int AS judged, count(*) FILTER (WHERE kind = 'held')::int AS held,
      count(*) FILTER (WHERE kind = 'judged' AND NOT closed)::int AS reopened, count(*) FILTER (WHERE kind = 'flagged' AND NOT closed)::int AS flags,
      count(*) FILTER (WHERE kind = 'skipped')::int AS skips, max(at) AS changed_at,
      coalesce(array_agg(DISTINCT annotator_id ORDER BY annotator_id) FILTER (WHERE kind <> 'flagged'), '{}') AS touched
    FROM (SELECT 'judged' AS kind, annotator_id, finished AS closed, created_at AS at FROM annotation_heads WHERE prompt_id = noted.id
      UNION ALL SELECT 'held', annotator_id, false, NULL FROM assignments WHERE prompt_id = noted.id AND state = 'held'
      UNION ALL SELECT m.kind, annotator_id, resolved_at IS NOT NULL, greatest(m.created_at, resolved_at) FROM prompt_marks m WHERE prompt_id = noted.id) t) n
  WHERE c.prompt_id = noted.id;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "place_prompts"("id" uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- The settings by which prompts are given out have changed.
  UPDATE prompt_coverage c SET wanted = n.wanted, order_key = n.key FROM (
    SELECT k.prompt_id, wanted_annotators(p, k, k.judged) AS wanted, order_key(p, k, k.judged + k.held) AS key
    FROM projects p JOIN prompt_coverage k ON k.project_id = p.id WHERE p.id = place_prompts.id ORDER BY k.prompt_id) n
  WHERE c.prompt_id = n.prompt_id AND (c.wanted IS DISTINCT FROM n.wanted OR c.order_key <> n.key);
  UPDATE annotator_tallies t SET settled = coalesce((
    SELECT range_agg(int4range(position, position, '[]')) FROM prompts p JOIN (
      SELECT prompt_id FROM annotation_heads h WHERE h.project_id = t.project_id AND h.annotator_id = t.annotator_id AND finished
      UNION SELECT prompt_id FROM prompt_marks m WHERE m.project_id = t.project_id AND m.annotator_id = t.annotator_id AND kind = 'skipped') s ON s.prompt_id = p.id
    WHERE keeps_settled(o)), '{}')
  FROM projects o WHERE o.id = place_prompts.id AND t.project_id = o.id;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "cover_prompts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO prompt_coverage (prompt_id, project_id, position, language, priority, wanted, order_key, touched_hash)
  SELECT a.id, a.project_id, a.position, a.language, a.priority, wanted_annotators(p, k, 0), order_key(p, k, 0), touched_hash(a.language, '{}')
  FROM added a JOIN projects p ON p.id = a.project_id
  CROSS JOIN LATERAL jsonb_populate_record(NULL::prompt_coverage, jsonb_build_object('position', a.position, 'priority', a.priority)) k;
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP FUNCTION "wanted_annotators"(projects, integer);
