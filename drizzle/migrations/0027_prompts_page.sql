CREATE TABLE "withdrawn_positions" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"positions" "int4multirange" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prompt_changes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"prompt_id" uuid NOT NULL,
	"response_id" uuid,
	"kind" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"text_version" integer NOT NULL,
	"text_before" text,
	"messages_before" jsonb,
	"judge_again" boolean DEFAULT false NOT NULL,
	"changed_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "annotations" ADD COLUMN "text_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "is_withdrawn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "priority" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "reopened" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "progress" smallint GENERATED ALWAYS AS (CASE WHEN judged - reopened <= 0 THEN 0 WHEN judged - reopened < coalesce(wanted, 1) THEN 1 ELSE 2 END) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "flags" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "skips" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "languages" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "priority" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "text_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "judged_from" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "responses" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "responses" ADD COLUMN "restored_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "prompt_coverage" drop column "is_open";--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "is_open" boolean GENERATED ALWAYS AS (NOT is_gold AND NOT is_withdrawn AND (wanted IS NULL OR judged + held < wanted)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "withdrawn_positions" ADD CONSTRAINT "withdrawn_positions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_changes" ADD CONSTRAINT "prompt_changes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_changes" ADD CONSTRAINT "prompt_changes_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_changes" ADD CONSTRAINT "prompt_changes_response_id_responses_id_fk" FOREIGN KEY ("response_id") REFERENCES "public"."responses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_changes" ADD CONSTRAINT "prompt_changes_changed_by_users_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "prompt_changes_prompt" ON "prompt_changes" USING btree ("prompt_id","text_version");--> statement-breakpoint
CREATE INDEX "prompt_changes_newest" ON "prompt_changes" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "prompt_coverage_position" ON "prompt_coverage" USING btree ("project_id","position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_priority" ON "prompt_coverage" USING btree ("project_id",(-"priority"),"position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_judged" ON "prompt_coverage" USING btree ("project_id","judged","position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_disagreement" ON "prompt_coverage" USING btree ("project_id",(-coalesce("disagreement", -1)),"position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_changed" ON "prompt_coverage" USING btree ("project_id","changed_at","position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_progress" ON "prompt_coverage" USING btree ("project_id","progress","position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_language" ON "prompt_coverage" USING btree ("project_id","language","position");--> statement-breakpoint
CREATE INDEX "prompt_coverage_flagged" ON "prompt_coverage" USING btree ("project_id","position") WHERE "prompt_coverage"."flags" > 0;--> statement-breakpoint
CREATE INDEX "prompt_coverage_skipped" ON "prompt_coverage" USING btree ("project_id","position") WHERE "prompt_coverage"."skips" > 0;--> statement-breakpoint
CREATE INDEX "prompt_coverage_gold" ON "prompt_coverage" USING btree ("project_id","position") WHERE "prompt_coverage"."is_gold";--> statement-breakpoint
CREATE INDEX "prompt_coverage_withdrawn" ON "prompt_coverage" USING btree ("project_id","position") WHERE "prompt_coverage"."is_withdrawn";--> statement-breakpoint
CREATE INDEX "responses_withdrawn" ON "responses" USING btree ("prompt_id") WHERE "responses"."withdrawn_at" is not null;
--> statement-breakpoint
-- Indexes that named is_open went with the column.
CREATE INDEX "prompt_coverage_order" ON "prompt_coverage" USING btree ("project_id","order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE INDEX "prompt_coverage_alike" ON "prompt_coverage" USING btree ("project_id","touched_hash","order_key") WHERE "prompt_coverage"."is_open";
--> statement-breakpoint
CREATE FUNCTION "covers_prompt"("annotation" annotations) RETURNS boolean LANGUAGE sql STABLE AS $$
  -- Whether a version says something of every response that its prompt has now, of texts that still count. Every board shows
  -- what was imported with the prompt; it may lack what was added or restored while it was open.
  SELECT annotation.text_version >= p.judged_from AND NOT EXISTS (
    SELECT FROM responses r JOIN projects o ON o.id = annotation.project_id
    WHERE r.prompt_id = annotation.prompt_id AND r.withdrawn_at IS NULL AND (r.addition <= o.additions OR r.restored_at IS NOT NULL) AND NOT EXISTS (
      SELECT FROM placements s JOIN responses seen ON seen.id = s.response_id
      WHERE s.annotation_id = annotation.id AND (seen.id = r.id OR same_words(seen.text) = same_words(r.text))))
  FROM prompts p WHERE p.id = annotation.prompt_id
$$;
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
      covers_prompt(a) AS finished
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
CREATE FUNCTION "refinish_prompts"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- What there is to judge has changed: some annotations cover it now that did not, or no longer do.
  PERFORM 1 FROM prompts WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  WITH covering AS (
    SELECT h.prompt_id, h.annotator_id, bool_or(covers_prompt(a)) AS finished
    FROM annotation_heads h JOIN annotations a ON a.prompt_id = h.prompt_id AND a.annotator_id = h.annotator_id
    WHERE h.prompt_id = ANY (ids) GROUP BY h.prompt_id, h.annotator_id
  ), changed AS (
    UPDATE annotation_heads h SET finished = c.finished FROM covering c JOIN prompts p ON p.id = c.prompt_id
    WHERE h.prompt_id = c.prompt_id AND h.annotator_id = c.annotator_id AND h.finished <> c.finished
    RETURNING h.project_id, h.annotator_id, h.finished, p.position
  ), summed AS (
    SELECT changed.project_id, annotator_id, sum(CASE WHEN finished THEN 1 ELSE -1 END) AS prompts,
      coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE finished AND keeps_settled(o)), '{}') AS settled,
      coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE NOT finished), '{}') AS unsettled
    FROM changed JOIN projects o ON o.id = changed.project_id GROUP BY changed.project_id, annotator_id
  )
  UPDATE annotator_tallies t SET finished = t.finished + summed.prompts, settled = t.settled + summed.settled - summed.unsettled
  FROM summed WHERE t.project_id = summed.project_id AND t.annotator_id = summed.annotator_id;
END $$;
--> statement-breakpoint
DROP FUNCTION "order_key"(projects, integer, integer, integer);
--> statement-breakpoint
CREATE FUNCTION "order_key"("project" projects, "coverage" prompt_coverage, "covered" integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE project.assignment_order WHEN 'random' THEN prompt_draw(project.id, coverage.position, 'order')
    WHEN 'least_covered' THEN (covered::bigint << 32) + coverage.position
    WHEN 'most_disagreed' THEN (-coalesce(coverage.disagreement, 0)::bigint << 32) + coverage.position
    WHEN 'priority' THEN (-coverage.priority::bigint << 32) + coverage.position
    ELSE coverage.position END
$$;
--> statement-breakpoint
CREATE FUNCTION "touched_hash"("language" text, "touched" text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN touched = '{}' AND language IS NULL THEN '' ELSE md5(coalesce(language, '') || touched::text) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_coverage"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever changes the places of a prompt comes before or after.
  PERFORM 1 FROM prompt_coverage WHERE prompt_id = ANY (ids) ORDER BY prompt_id FOR NO KEY UPDATE;
  UPDATE prompt_coverage c SET judged = n.judged, held = n.held, reopened = n.reopened, flags = n.flags, skips = n.skips,
    wanted = wanted_annotators(p, c.position), order_key = order_key(p, c, n.judged + n.held),
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
    SELECT k.prompt_id, wanted_annotators(p, k.position) AS wanted, order_key(p, k, k.judged + k.held) AS key
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
  SELECT a.id, a.project_id, a.position, a.language, a.priority, wanted_annotators(p, a.position), order_key(p, k, 0), touched_hash(a.language, '{}')
  FROM added a JOIN projects p ON p.id = a.project_id
  CROSS JOIN LATERAL jsonb_populate_record(NULL::prompt_coverage, jsonb_build_object('position', a.position, 'priority', a.priority)) k;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_prompt"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.withdrawn_at IS NULL) <> (NEW.withdrawn_at IS NULL) THEN
    INSERT INTO withdrawn_positions AS w (project_id, positions) VALUES (NEW.project_id, int4multirange(int4range(NEW.position, NEW.position, '[]')))
    ON CONFLICT (project_id) DO UPDATE
    SET positions = CASE WHEN NEW.withdrawn_at IS NULL THEN w.positions - excluded.positions ELSE w.positions + excluded.positions END;
  END IF;
  IF OLD.judged_from <> NEW.judged_from THEN
    PERFORM refinish_prompts(ARRAY[NEW.id]);
  END IF;
  UPDATE prompt_coverage SET language = NEW.language, priority = NEW.priority, is_withdrawn = NEW.withdrawn_at IS NOT NULL,
    changed_at = CASE WHEN OLD.text_version <> NEW.text_version OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at THEN clock_timestamp() ELSE changed_at END
  WHERE prompt_id = NEW.id;
  PERFORM note_coverage(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_response"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refinish_prompts(ARRAY[NEW.prompt_id]);
  UPDATE prompt_coverage SET changed_at = clock_timestamp() WHERE prompt_id = NEW.prompt_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_finished"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_coverage(ARRAY(SELECT DISTINCT a.prompt_id FROM after a JOIN before b USING (prompt_id, annotator_id)
    WHERE a.finished <> b.finished OR a.created_at <> b.created_at));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "refuse_prompt_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Changes of prompts are append-only.';
END $$;
--> statement-breakpoint
UPDATE "prompt_coverage" c SET changed_at = p.created_at FROM "prompts" p WHERE p.id = c.prompt_id;
--> statement-breakpoint
SELECT note_coverage(array_agg(DISTINCT prompt_id)) FROM (
  SELECT project_id, prompt_id FROM annotation_heads UNION ALL SELECT project_id, prompt_id FROM prompt_marks) t GROUP BY project_id;
--> statement-breakpoint
CREATE TRIGGER "prompts_changed" AFTER UPDATE ON "prompts" FOR EACH ROW
  WHEN (OLD.language IS DISTINCT FROM NEW.language OR OLD.priority <> NEW.priority OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at
    OR OLD.text_version <> NEW.text_version OR OLD.judged_from <> NEW.judged_from) EXECUTE FUNCTION note_prompt();
--> statement-breakpoint
CREATE TRIGGER "responses_changed" AFTER UPDATE ON "responses" FOR EACH ROW
  WHEN (OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at) EXECUTE FUNCTION note_response();
--> statement-breakpoint
CREATE TRIGGER "heads_covered_update" AFTER UPDATE ON "annotation_heads" REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_finished();
--> statement-breakpoint
CREATE TRIGGER "marks_covered_update" AFTER UPDATE ON "prompt_marks" FOR EACH ROW
  WHEN (OLD.resolved_at IS DISTINCT FROM NEW.resolved_at) EXECUTE FUNCTION note_filled();
--> statement-breakpoint
CREATE TRIGGER "prompt_changes_stay" BEFORE UPDATE ON "prompt_changes" FOR EACH STATEMENT EXECUTE FUNCTION refuse_prompt_change();
