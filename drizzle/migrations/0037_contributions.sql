CREATE TABLE "prompt_contributions" (
	"prompt_id" uuid PRIMARY KEY NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"measured" integer DEFAULT 0 NOT NULL,
	"basis" text DEFAULT '' NOT NULL,
	"content" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "prompt_contributions" ADD CONSTRAINT "prompt_contributions_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE FUNCTION "revise_contributions"("ids" uuid[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
  -- What was measured of these prompts no longer holds. Rows are locked in one order, whoever changes them.
  PERFORM 1 FROM prompt_contributions WHERE prompt_id = ANY (ids) ORDER BY prompt_id FOR NO KEY UPDATE;
  UPDATE prompt_contributions SET revision = revision + 1 WHERE prompt_id = ANY (ids);
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_contributions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO prompt_contributions AS c (prompt_id) SELECT DISTINCT prompt_id FROM changed ORDER BY prompt_id
  ON CONFLICT (prompt_id) DO UPDATE SET revision = c.revision + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_fewer_contributions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM revise_contributions(ARRAY(SELECT DISTINCT prompt_id FROM changed));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "note_changed_contribution"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'responses' THEN
    PERFORM revise_contributions(ARRAY[NEW.prompt_id]);
  ELSE
    PERFORM revise_contributions(ARRAY[NEW.id]);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "note_additions"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  extended uuid[] := ARRAY(SELECT DISTINCT r.prompt_id FROM prompts p JOIN responses r ON r.prompt_id = p.id
    WHERE p.project_id = NEW.id AND r.added_at IS NOT NULL AND r.addition > OLD.additions AND r.addition <= NEW.additions);
BEGIN
  PERFORM reopen_prompts(extended);
  PERFORM revise_contributions(extended);
  RETURN NULL;
END $$;
--> statement-breakpoint
INSERT INTO "prompt_contributions" ("prompt_id") SELECT DISTINCT "prompt_id" FROM "annotation_heads";
--> statement-breakpoint
CREATE TRIGGER "heads_contribute_insert" AFTER INSERT ON "annotation_heads" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_contributions();
--> statement-breakpoint
CREATE TRIGGER "heads_contribute_update" AFTER UPDATE ON "annotation_heads" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_contributions();
--> statement-breakpoint
CREATE TRIGGER "heads_contribute_delete" AFTER DELETE ON "annotation_heads" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_fewer_contributions();
--> statement-breakpoint
CREATE TRIGGER "prompts_contribute" AFTER UPDATE ON "prompts" FOR EACH ROW
  WHEN (OLD.judged_from <> NEW.judged_from) EXECUTE FUNCTION note_changed_contribution();
--> statement-breakpoint
CREATE TRIGGER "responses_contribute" AFTER UPDATE ON "responses" FOR EACH ROW
  WHEN (OLD.text <> NEW.text OR OLD.source IS DISTINCT FROM NEW.source OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at) EXECUTE FUNCTION note_changed_contribution();
