CREATE TABLE "imported_annotators" (
	"user_id" text PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "outside_overlap" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" drop column "is_open";--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "is_open" boolean GENERATED ALWAYS AS (NOT is_gold AND NOT is_withdrawn AND (wanted IS NULL OR judged - outside_overlap + held < wanted)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_coverage" drop column "progress";--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "progress" smallint GENERATED ALWAYS AS (CASE WHEN judged - outside_overlap - reopened <= 0 THEN 0 WHEN judged - outside_overlap - reopened < coalesce(wanted, 1) THEN 1 ELSE 2 END) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "kind" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "imported_count_in" text DEFAULT 'consensus' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "models_count_in" text DEFAULT 'comparison' NOT NULL;--> statement-breakpoint
ALTER TABLE "imported_annotators" ADD CONSTRAINT "imported_annotators_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imported_annotators" ADD CONSTRAINT "imported_annotators_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "imported_annotators_name" ON "imported_annotators" USING btree ("project_id","name");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_only_people_have_roles" CHECK ("users"."kind" = 'person' or "users"."role" = 'annotator');
--> statement-breakpoint
-- Indexes that named these columns went with them.
CREATE INDEX "prompt_coverage_order" ON "prompt_coverage" USING btree ("project_id","order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE INDEX "prompt_coverage_alike" ON "prompt_coverage" USING btree ("project_id","touched_hash","order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE INDEX "prompt_coverage_progress" ON "prompt_coverage" USING btree ("project_id","progress","position");
--> statement-breakpoint
CREATE FUNCTION "fills_place"("project" projects, "kind" text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE kind WHEN 'person' THEN true WHEN 'model' THEN project.models_count_in = 'overlap' ELSE project.imported_count_in = 'overlap' END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_annotations"("ids" uuid[]) RETURNS void LANGUAGE plpgsql
  -- Plans are not kept: one that was made while the tables were small would read them whole when they are large.
  SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever judges a prompt, or adds responses to it, comes before or after.
  PERFORM 1 FROM prompts WHERE id IN (SELECT a.prompt_id FROM unnest(ids) AS noted (id) JOIN annotations a USING (id)) ORDER BY id FOR NO KEY UPDATE;
  WITH judged AS (
    SELECT a.*, u.kind, p.position, counted.placed, counted.cannot_judge, counted.not_judged,
      counted.placed >= 2 AND counted.tiers = 1 AS single_tier,
      -- More than 60 characters a second: FAST_CHARACTERS_PER_SECOND in lib/services/work-signs.ts.
      a.time_on_task_ms::bigint * 60 < (reading_length(p.messages::text) + counted.length) * 1000 AS fast,
      covers_prompt(a) AS finished
    FROM unnest(ids) AS noted (id) JOIN annotations a USING (id) JOIN users u ON u.id = a.annotator_id JOIN prompts p ON p.id = a.prompt_id CROSS JOIN LATERAL (
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
      -- The first is a person: what came with a file was judged elsewhere.
      always_fast, once_finished, kind = 'person' AND row_number() OVER (PARTITION BY prompt_id, kind = 'person' ORDER BY created_at, annotator_id) = 1
        AND NOT EXISTS (SELECT FROM annotation_heads o JOIN users u ON u.id = o.annotator_id WHERE o.prompt_id = newest.prompt_id AND u.kind = 'person')
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
  SELECT project_id, annotator_id, round(longest_ms / 1000.0), sum(sign) FROM change JOIN users u ON u.id = annotator_id AND u.kind = 'person' GROUP BY 1, 2, 3 HAVING sum(sign) <> 0
  ON CONFLICT (project_id, annotator_id, seconds) DO UPDATE SET prompts = t.prompts + excluded.prompts;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_coverage"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Whoever changes the places of a prompt comes before or after.
  PERFORM 1 FROM prompt_coverage WHERE prompt_id = ANY (ids) ORDER BY prompt_id FOR NO KEY UPDATE;
  UPDATE prompt_coverage c SET judged = n.judged, outside_overlap = n.outside, held = n.held, reopened = n.reopened, flags = n.flags, skips = n.skips,
    wanted = wanted_annotators(p, c, n.judged - n.outside), order_key = order_key(p, c, n.judged - n.outside + n.held),
    changed_at = greatest(c.changed_at, n.changed_at), touched = n.touched, touched_hash = touched_hash(c.language, n.touched)
  FROM unnest(ids) AS noted (id) JOIN prompt_coverage k ON k.prompt_id = noted.id JOIN projects p ON p.id = k.project_id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'judged')::int AS judged, count(*) FILTER (WHERE kind = 'held')::int AS held,
      count(*) FILTER (WHERE kind = 'judged' AND NOT fills_place(p, annotator))::int AS outside,
      count(*) FILTER (WHERE kind = 'judged' AND NOT closed AND fills_place(p, annotator))::int AS reopened, count(*) FILTER (WHERE kind = 'flagged' AND NOT closed)::int AS flags,
      count(*) FILTER (WHERE kind = 'skipped')::int AS skips, max(at) AS changed_at,
      coalesce(array_agg(DISTINCT annotator_id ORDER BY annotator_id) FILTER (WHERE kind <> 'flagged' AND annotator = 'person'), '{}') AS touched
    FROM (SELECT 'judged' AS kind, h.annotator_id, u.kind AS annotator, finished AS closed, h.created_at AS at
        FROM annotation_heads h JOIN users u ON u.id = h.annotator_id WHERE prompt_id = noted.id
      UNION ALL SELECT 'held', annotator_id, 'person', false, NULL FROM assignments WHERE prompt_id = noted.id AND state = 'held'
      UNION ALL SELECT m.kind, annotator_id, 'person', resolved_at IS NOT NULL, greatest(m.created_at, resolved_at) FROM prompt_marks m WHERE prompt_id = noted.id) t) n
  WHERE c.prompt_id = noted.id;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "place_prompts"("id" uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- The settings by which prompts are given out have changed, or for what the judgements of imported annotators count.
  PERFORM note_coverage(ARRAY(SELECT DISTINCT h.prompt_id FROM imported_annotators i JOIN annotation_heads h ON h.annotator_id = i.user_id
    AND h.project_id = i.project_id WHERE i.project_id = place_prompts.id));
  UPDATE prompt_coverage c SET wanted = n.wanted, order_key = n.key FROM (
    SELECT k.prompt_id, wanted_annotators(p, k, k.judged - k.outside_overlap) AS wanted, order_key(p, k, k.judged - k.outside_overlap + k.held) AS key
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
CREATE FUNCTION "refuse_who_is_no_person"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM users WHERE id = NEW.user_id AND kind <> 'person') THEN
    RAISE EXCEPTION 'An imported annotator has no account: nothing in %.', TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "accounts_of_people" BEFORE INSERT OR UPDATE ON "accounts" FOR EACH ROW EXECUTE FUNCTION refuse_who_is_no_person();
--> statement-breakpoint
CREATE TRIGGER "sessions_of_people" BEFORE INSERT OR UPDATE ON "sessions" FOR EACH ROW EXECUTE FUNCTION refuse_who_is_no_person();
--> statement-breakpoint
CREATE TRIGGER "two_factors_of_people" BEFORE INSERT OR UPDATE ON "two_factors" FOR EACH ROW EXECUTE FUNCTION refuse_who_is_no_person();
--> statement-breakpoint
CREATE TRIGGER "reset_links_of_people" BEFORE INSERT OR UPDATE ON "reset_links" FOR EACH ROW EXECUTE FUNCTION refuse_who_is_no_person();
--> statement-breakpoint
CREATE TRIGGER "members_are_people" BEFORE INSERT OR UPDATE ON "members" FOR EACH ROW EXECUTE FUNCTION refuse_who_is_no_person();
--> statement-breakpoint
CREATE FUNCTION "refuse_change_to_person"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'An imported annotator does not become a person, and no person one.';
END $$;
--> statement-breakpoint
CREATE TRIGGER "users_stay_people" BEFORE UPDATE OF kind ON "users" FOR EACH ROW
  WHEN ((OLD.kind = 'person') <> (NEW.kind = 'person')) EXECUTE FUNCTION refuse_change_to_person();
