CREATE TABLE "annotation_heads" (
	"prompt_id" uuid NOT NULL,
	"annotator_id" text NOT NULL,
	"project_id" uuid NOT NULL,
	"annotation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"placed" integer NOT NULL,
	"cannot_judge" integer NOT NULL,
	"not_judged" integer NOT NULL,
	"single_tier" boolean NOT NULL,
	"longest_ms" integer NOT NULL,
	"fast" boolean NOT NULL,
	"finished" boolean NOT NULL,
	"first_of_prompt" boolean NOT NULL,
	CONSTRAINT "annotation_heads_prompt_id_annotator_id_pk" PRIMARY KEY("prompt_id","annotator_id")
);
--> statement-breakpoint
CREATE TABLE "annotator_paces" (
	"project_id" uuid NOT NULL,
	"annotator_id" text NOT NULL,
	"seconds" integer NOT NULL,
	"prompts" integer NOT NULL,
	CONSTRAINT "annotator_paces_project_id_annotator_id_seconds_pk" PRIMARY KEY("project_id","annotator_id","seconds")
);
--> statement-breakpoint
CREATE TABLE "annotator_tallies" (
	"project_id" uuid NOT NULL,
	"annotator_id" text NOT NULL,
	"versions" integer DEFAULT 0 NOT NULL,
	"prompts" integer DEFAULT 0 NOT NULL,
	"finished" integer DEFAULT 0 NOT NULL,
	"first_of_prompt" integer DEFAULT 0 NOT NULL,
	"fast" integer DEFAULT 0 NOT NULL,
	"several_placed" integer DEFAULT 0 NOT NULL,
	"single_tier" integer DEFAULT 0 NOT NULL,
	"cannot_judge" integer DEFAULT 0 NOT NULL,
	"responses" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"flagged" integer DEFAULT 0 NOT NULL,
	"settled" "int4multirange" DEFAULT '{}' NOT NULL,
	CONSTRAINT "annotator_tallies_project_id_annotator_id_pk" PRIMARY KEY("project_id","annotator_id")
);
--> statement-breakpoint
DROP INDEX "prompt_marks_project";--> statement-breakpoint
ALTER TABLE "annotation_heads" ADD CONSTRAINT "annotation_heads_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotation_heads" ADD CONSTRAINT "annotation_heads_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotation_heads" ADD CONSTRAINT "annotation_heads_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotation_heads" ADD CONSTRAINT "annotation_heads_annotation_id_annotations_id_fk" FOREIGN KEY ("annotation_id") REFERENCES "public"."annotations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotator_paces" ADD CONSTRAINT "annotator_paces_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotator_paces" ADD CONSTRAINT "annotator_paces_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotator_tallies" ADD CONSTRAINT "annotator_tallies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "annotator_tallies" ADD CONSTRAINT "annotator_tallies_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "annotation_heads_newest" ON "annotation_heads" USING btree ("project_id","annotator_id","created_at","prompt_id");--> statement-breakpoint
CREATE INDEX "annotations_begun" ON "annotations" USING btree ("project_id","annotator_id","created_at") WHERE "annotations"."version" = 1;--> statement-breakpoint
CREATE INDEX "prompt_marks_newest" ON "prompt_marks" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "prompt_marks_own" ON "prompt_marks" USING btree ("project_id","annotator_id","created_at");--> statement-breakpoint
CREATE INDEX "snapshots_newest" ON "snapshots" USING btree ("project_id","created_at");
--> statement-breakpoint
CREATE FUNCTION "reading_length"("content" text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$
  -- In Latin letters that take as long to read: Han and kana count 3, Korean syllables 1.5.
  SELECT length(content)
    + 2 * (length(content) - length(regexp_replace(content, '[\u2E80-\u2FDF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF]', '', 'g')))
    + (length(content) - length(regexp_replace(content, '[\uAC00-\uD7A3]', '', 'g'))) / 2
$$;
--> statement-breakpoint
CREATE FUNCTION "same_words"("content" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  -- Texts that say the same are judged once: lib/ranking/equal-responses.ts.
  SELECT btrim(regexp_replace(normalize(content, NFC), '\s+', ' ', 'g'))
$$;
--> statement-breakpoint
CREATE FUNCTION "note_annotations"("ids" uuid[]) RETURNS void LANGUAGE plpgsql
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
      coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE sign = 1 AND finished), '{}')
    FROM change JOIN prompts p ON p.id = prompt_id GROUP BY change.project_id, annotator_id
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
CREATE FUNCTION "reopen_prompts"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- Responses were added: nobody has seen them all any more.
  PERFORM 1 FROM prompts WHERE id IN (SELECT id FROM unnest(ids) AS extended (id)) ORDER BY id FOR NO KEY UPDATE;
  WITH reopened AS (
    UPDATE annotation_heads h SET finished = false FROM unnest(ids) AS extended (id) JOIN prompts p USING (id)
    WHERE h.prompt_id = p.id AND h.finished
    RETURNING h.project_id, h.annotator_id, p.position
  ), summed AS (
    SELECT project_id, annotator_id, count(*) AS prompts, range_agg(int4range(position, position, '[]')) AS positions
    FROM reopened GROUP BY project_id, annotator_id
  )
  UPDATE annotator_tallies t SET finished = t.finished - summed.prompts, settled = t.settled - summed.positions
  FROM summed WHERE t.project_id = summed.project_id AND t.annotator_id = summed.annotator_id;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_placements"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_annotations(ARRAY(SELECT DISTINCT annotation_id FROM added));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_additions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reopen_prompts(ARRAY(SELECT DISTINCT r.prompt_id FROM prompts p JOIN responses r ON r.prompt_id = p.id
    WHERE p.project_id = NEW.id AND r.added_at IS NOT NULL AND r.addition > OLD.additions AND r.addition <= NEW.additions));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_marks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO annotator_tallies AS t (project_id, annotator_id, skipped, flagged, settled)
  SELECT added.project_id, annotator_id, count(*) FILTER (WHERE kind = 'skipped'), count(*) FILTER (WHERE kind = 'flagged'),
    coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE kind = 'skipped'), '{}')
  FROM added JOIN prompts p ON p.id = prompt_id GROUP BY added.project_id, annotator_id
  ON CONFLICT (project_id, annotator_id) DO UPDATE SET skipped = t.skipped + excluded.skipped, flagged = t.flagged + excluded.flagged,
    settled = t.settled + excluded.settled;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_removed_marks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE annotator_tallies t SET skipped = t.skipped - gone.skipped, flagged = t.flagged - gone.flagged, settled = t.settled - gone.positions
  FROM (
    SELECT m.project_id, m.annotator_id, count(*) FILTER (WHERE kind = 'skipped') AS skipped, count(*) FILTER (WHERE kind = 'flagged') AS flagged,
      coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE kind = 'skipped' AND h.finished IS NOT TRUE), '{}') AS positions
    FROM removed m JOIN prompts p ON p.id = m.prompt_id
    LEFT JOIN annotation_heads h ON h.prompt_id = m.prompt_id AND h.annotator_id = m.annotator_id
    GROUP BY m.project_id, m.annotator_id) gone
  WHERE t.project_id = gone.project_id AND t.annotator_id = gone.annotator_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
SELECT note_annotations(array_agg("id")) FROM "annotations" GROUP BY "project_id";
--> statement-breakpoint
CREATE TRIGGER "placements_noted" AFTER INSERT ON "placements" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_placements();
--> statement-breakpoint
CREATE TRIGGER "additions_noted" AFTER UPDATE OF "additions" ON "projects" FOR EACH ROW WHEN (NEW.additions > OLD.additions) EXECUTE FUNCTION note_additions();
--> statement-breakpoint
CREATE TRIGGER "marks_noted" AFTER INSERT ON "prompt_marks" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_marks();
--> statement-breakpoint
CREATE TRIGGER "removed_marks_noted" AFTER DELETE ON "prompt_marks" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_removed_marks();
--> statement-breakpoint
INSERT INTO "annotator_tallies" AS t ("project_id", "annotator_id", "skipped", "flagged", "settled")
SELECT m.project_id, annotator_id, count(*) FILTER (WHERE kind = 'skipped'), count(*) FILTER (WHERE kind = 'flagged'),
  coalesce(range_agg(int4range(position, position, '[]')) FILTER (WHERE kind = 'skipped'), '{}')
FROM "prompt_marks" m JOIN "prompts" p ON p.id = prompt_id GROUP BY m.project_id, annotator_id
ON CONFLICT (project_id, annotator_id) DO UPDATE SET skipped = excluded.skipped, flagged = excluded.flagged, settled = t.settled + excluded.settled;
