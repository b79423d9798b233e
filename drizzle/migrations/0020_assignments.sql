CREATE TABLE "assignments" (
	"prompt_id" uuid NOT NULL,
	"annotator_id" text NOT NULL,
	"project_id" uuid NOT NULL,
	"state" text NOT NULL,
	"leased_until" timestamp with time zone,
	"reason" text NOT NULL,
	"assigned_by" text,
	"extra" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assignments_prompt_id_annotator_id_pk" PRIMARY KEY("prompt_id","annotator_id")
);
--> statement-breakpoint
CREATE TABLE "prompt_coverage" (
	"prompt_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"is_gold" boolean DEFAULT false NOT NULL,
	"judged" integer DEFAULT 0 NOT NULL,
	"held" integer DEFAULT 0 NOT NULL,
	"wanted" integer,
	"is_open" boolean GENERATED ALWAYS AS (NOT is_gold AND (wanted IS NULL OR judged + held < wanted)) STORED NOT NULL,
	"disagreement" integer,
	"order_key" bigint NOT NULL,
	"touched" text[] DEFAULT '{}' NOT NULL,
	"touched_hash" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "overlap" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "overlap_sample" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "overlap_sample_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "assignment_order" text DEFAULT 'import' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "lease_minutes" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "prompt_limit" integer;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_assigned_by_users_id_fk" FOREIGN KEY ("assigned_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD CONSTRAINT "prompt_coverage_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD CONSTRAINT "prompt_coverage_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignments_held" ON "assignments" USING btree ("project_id","annotator_id") WHERE "assignments"."state" = 'held';--> statement-breakpoint
CREATE INDEX "assignments_expiring" ON "assignments" USING btree ("project_id","leased_until") WHERE "assignments"."state" = 'held';--> statement-breakpoint
CREATE INDEX "prompt_coverage_order" ON "prompt_coverage" USING btree ("project_id","order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE INDEX "prompt_coverage_alike" ON "prompt_coverage" USING btree ("project_id","touched_hash","order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE INDEX "annotation_heads_reopened" ON "annotation_heads" USING btree ("project_id","annotator_id") WHERE not "annotation_heads"."finished";
--> statement-breakpoint
CREATE FUNCTION "keeps_settled"("project" projects) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  -- Everybody works through all prompts in import order: the gaps between settled positions are the queue. In any other
  -- order, gaps would be as many as prompts, and prompt_coverage is the queue.
  SELECT project.overlap IS NULL AND project.assignment_order = 'import'
$$;
--> statement-breakpoint
CREATE FUNCTION "prompt_draw"("project" uuid, "position" integer, "purpose" text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  -- A random number of 32 bits: the same for ever, and another one for each purpose.
  SELECT ('x' || substr(md5(project::text || ':' || position || ':' || purpose), 1, 8))::bit(32)::bigint
$$;
--> statement-breakpoint
CREATE FUNCTION "wanted_annotators"("project" projects, "position" integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN project.overlap IS NOT NULL AND project.overlap_sample IS NOT NULL
    AND prompt_draw(project.id, position, 'sample') < project.overlap_sample_percent * (1::bigint << 32) / 100
    THEN project.overlap_sample ELSE project.overlap END
$$;
--> statement-breakpoint
CREATE FUNCTION "order_key"("project" projects, "position" integer, "covered" integer, "disagreement" integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE project.assignment_order WHEN 'random' THEN prompt_draw(project.id, position, 'order')
    WHEN 'least_covered' THEN (covered::bigint << 32) + position
    WHEN 'most_disagreed' THEN (-coalesce(disagreement, 0)::bigint << 32) + position
    ELSE position END
$$;
--> statement-breakpoint
CREATE FUNCTION "note_coverage"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever changes the places of a prompt comes before or after.
  PERFORM 1 FROM prompt_coverage WHERE prompt_id = ANY (ids) ORDER BY prompt_id FOR NO KEY UPDATE;
  UPDATE prompt_coverage c SET judged = n.judged, held = n.held, wanted = wanted_annotators(p, c.position),
    order_key = order_key(p, c.position, n.judged + n.held, c.disagreement),
    touched = n.touched, touched_hash = CASE WHEN n.touched = '{}' THEN '' ELSE md5(n.touched::text) END
  FROM unnest(ids) AS noted (id) JOIN prompt_coverage k ON k.prompt_id = noted.id JOIN projects p ON p.id = k.project_id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'judged')::int AS judged, count(*) FILTER (WHERE kind = 'held')::int AS held,
      coalesce(array_agg(DISTINCT annotator_id ORDER BY annotator_id), '{}') AS touched
    FROM (SELECT 'judged' AS kind, annotator_id FROM annotation_heads WHERE prompt_id = noted.id
      UNION ALL SELECT 'held', annotator_id FROM assignments WHERE prompt_id = noted.id AND state = 'held'
      UNION ALL SELECT 'skipped', annotator_id FROM prompt_marks m WHERE prompt_id = noted.id AND m.kind = 'skipped') t) n
  WHERE c.prompt_id = noted.id;
END $$;
--> statement-breakpoint
CREATE FUNCTION "place_prompts"("id" uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- The settings by which prompts are given out have changed.
  UPDATE prompt_coverage c SET wanted = n.wanted, order_key = n.key FROM (
    SELECT k.prompt_id, wanted_annotators(p, k.position) AS wanted, order_key(p, k.position, k.judged + k.held, k.disagreement) AS key
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
CREATE OR REPLACE FUNCTION "note_annotations"("ids" uuid[]) RETURNS void LANGUAGE plpgsql
  -- Plans are not kept: one that was made while the tables were small would read them whole when they are large.
  SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever judges a prompt, or adds responses to it, comes before or after.
  PERFORM 1 FROM prompts WHERE id IN (SELECT a.prompt_id FROM unnest(ids) AS noted (id) JOIN annotations a USING (id)) ORDER BY id FOR NO KEY UPDATE;
  WITH judged AS (
    SELECT a.*, p.position, counted.placed, counted.cannot_judge, counted.not_judged,
      counted.placed >= 2 AND counted.tiers = 1 AS single_tier,
      -- More than 60 characters a second: FAST_CHARACTERS_PER_SECOND in lib/services/work-signs.ts.
      a.time_on_task_ms::bigint * 60 < (reading_length(p.messages::text) + counted.length) * 1000 AS fast,
      NOT EXISTS (
        SELECT FROM responses r JOIN projects ON projects.id = a.project_id
        WHERE r.prompt_id = a.prompt_id AND r.addition <= projects.additions AND NOT EXISTS (
          SELECT FROM placements s JOIN responses seen ON seen.id = s.response_id
          WHERE s.annotation_id = a.id AND (seen.id = r.id OR same_words(seen.text) = same_words(r.text)))) AS finished
    FROM unnest(ids) AS noted (id) JOIN annotations a USING (id) JOIN prompts p ON p.id = a.prompt_id CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE s.state = 'placed') AS placed, count(*) FILTER (WHERE s.state = 'cannot_judge') AS cannot_judge,
        count(*) FILTER (WHERE s.state = 'not_judged') AS not_judged, count(DISTINCT s.tier) AS tiers,
        coalesce(sum(reading_length(r.text)), 0) AS length
      FROM placements s JOIN responses r ON r.id = s.response_id WHERE s.annotation_id = a.id) counted
  ), newest AS (
    SELECT DISTINCT ON (prompt_id, annotator_id) *, max(time_on_task_ms) OVER versions AS longest_ms,
      bool_and(fast) OVER versions AS always_fast, bool_or(finished) OVER versions AS once_finished
    FROM judged WINDOW versions AS (PARTITION BY prompt_id, annotator_id)
    ORDER BY prompt_id, annotator_id, version DESC
  ), before AS (
    SELECT h.* FROM annotation_heads h JOIN newest USING (prompt_id, annotator_id)
  ), after AS (
    INSERT INTO annotation_heads AS h (prompt_id, annotator_id, project_id, annotation_id, version, created_at, placed, cannot_judge,
      not_judged, single_tier, longest_ms, fast, finished, first_of_prompt)
    SELECT prompt_id, annotator_id, project_id, id, version, created_at, placed, cannot_judge, not_judged, single_tier, longest_ms,
      always_fast, once_finished, row_number() OVER (PARTITION BY prompt_id ORDER BY created_at, annotator_id) = 1
        AND NOT EXISTS (SELECT FROM annotation_heads o WHERE o.prompt_id = newest.prompt_id)
    FROM newest
    ON CONFLICT (prompt_id, annotator_id) DO UPDATE SET annotation_id = excluded.annotation_id, version = excluded.version,
      created_at = excluded.created_at, placed = excluded.placed, cannot_judge = excluded.cannot_judge, not_judged = excluded.not_judged,
      single_tier = excluded.single_tier, longest_ms = greatest(h.longest_ms, excluded.longest_ms), fast = h.fast AND excluded.fast,
      finished = h.finished OR excluded.finished
    RETURNING h.*
  ), change AS (
    SELECT 1 AS sign, * FROM after UNION ALL SELECT -1, * FROM before
  ), tallied AS (
    INSERT INTO annotator_tallies AS t (project_id, annotator_id, versions, prompts, finished, first_of_prompt, fast, several_placed,
      single_tier, cannot_judge, responses, settled)
    SELECT change.project_id, annotator_id, sum(sign * version), sum(sign), sum(sign * finished::int), sum(sign * first_of_prompt::int),
      sum(sign * fast::int), sum(sign * (placed >= 2)::int), sum(sign * single_tier::int), sum(sign * cannot_judge),
      sum(sign * (placed + cannot_judge + not_judged)),
      coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE sign = 1 AND finished AND keeps_settled(o)), '{}')
    FROM change JOIN prompts p ON p.id = prompt_id JOIN projects o ON o.id = change.project_id GROUP BY change.project_id, annotator_id
    ON CONFLICT (project_id, annotator_id) DO UPDATE SET versions = t.versions + excluded.versions, prompts = t.prompts + excluded.prompts,
      finished = t.finished + excluded.finished, first_of_prompt = t.first_of_prompt + excluded.first_of_prompt,
      fast = t.fast + excluded.fast, several_placed = t.several_placed + excluded.several_placed,
      single_tier = t.single_tier + excluded.single_tier, cannot_judge = t.cannot_judge + excluded.cannot_judge,
      responses = t.responses + excluded.responses, settled = t.settled + excluded.settled
  )
  INSERT INTO annotator_paces AS t (project_id, annotator_id, seconds, prompts)
  SELECT project_id, annotator_id, round(longest_ms / 1000.0), sum(sign) FROM change GROUP BY 1, 2, 3 HAVING sum(sign) <> 0
  ON CONFLICT (project_id, annotator_id, seconds) DO UPDATE SET prompts = t.prompts + excluded.prompts;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_marks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO annotator_tallies AS t (project_id, annotator_id, skipped, flagged, settled)
  SELECT added.project_id, annotator_id, count(*) FILTER (WHERE kind = 'skipped'), count(*) FILTER (WHERE kind = 'flagged'),
    coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE kind = 'skipped' AND keeps_settled(o)), '{}')
  FROM added JOIN prompts p ON p.id = prompt_id JOIN projects o ON o.id = added.project_id GROUP BY added.project_id, annotator_id
  ON CONFLICT (project_id, annotator_id) DO UPDATE SET skipped = t.skipped + excluded.skipped, flagged = t.flagged + excluded.flagged,
    settled = t.settled + excluded.settled;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "cover_prompts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO prompt_coverage (prompt_id, project_id, position, wanted, order_key)
  SELECT a.id, a.project_id, a.position, wanted_annotators(p, a.position), order_key(p, a.position, 0, NULL) FROM added a JOIN projects p ON p.id = a.project_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_covered"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_coverage(ARRAY(SELECT DISTINCT prompt_id FROM changed));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_filled"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_coverage(ARRAY[NEW.prompt_id]);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_gold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE prompt_coverage c SET is_gold = EXISTS (SELECT FROM gold_prompts g WHERE g.prompt_id = c.prompt_id)
  WHERE c.prompt_id IN (SELECT prompt_id FROM changed);
  RETURN NULL;
END $$;
--> statement-breakpoint
INSERT INTO "prompt_coverage" ("prompt_id", "project_id", "position", "wanted", "order_key", "is_gold")
SELECT a.id, a.project_id, a.position, NULL, a.position, EXISTS (SELECT FROM gold_prompts g WHERE g.prompt_id = a.id) FROM prompts a;
--> statement-breakpoint
SELECT note_coverage(array_agg(DISTINCT prompt_id)) FROM (
  SELECT project_id, prompt_id FROM annotation_heads UNION ALL SELECT project_id, prompt_id FROM prompt_marks WHERE kind = 'skipped') t GROUP BY project_id;
--> statement-breakpoint
CREATE TRIGGER "prompts_covered" AFTER INSERT ON "prompts" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION cover_prompts();
--> statement-breakpoint
CREATE TRIGGER "heads_covered_insert" AFTER INSERT ON "annotation_heads" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "heads_covered_delete" AFTER DELETE ON "annotation_heads" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "assignments_covered_insert" AFTER INSERT ON "assignments" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "assignments_covered_delete" AFTER DELETE ON "assignments" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "assignments_covered_update" AFTER UPDATE ON "assignments" FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note_filled();
--> statement-breakpoint
CREATE TRIGGER "marks_covered_insert" AFTER INSERT ON "prompt_marks" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "marks_covered_delete" AFTER DELETE ON "prompt_marks" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_covered();
--> statement-breakpoint
CREATE TRIGGER "gold_covered_insert" AFTER INSERT ON "gold_prompts" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_gold();
--> statement-breakpoint
CREATE TRIGGER "gold_covered_delete" AFTER DELETE ON "gold_prompts" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_gold();
