ALTER TABLE "prompt_marks" ADD COLUMN "resolution" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "prompt_coverage_language_order" ON "prompt_coverage" USING btree ("project_id",coalesce("language", ''),"order_key") WHERE "prompt_coverage"."is_open";--> statement-breakpoint
CREATE FUNCTION "reads_language"("languages" text[], "language" text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  -- Whether somebody who reads these languages (none: all of them) gets prompts in this one (null: unknown). "pt" and "pt-br"
  -- go together, "pt-br" and "pt-pt" do not.
  SELECT languages = '{}' OR coalesce(language, '') = '' OR EXISTS (SELECT FROM unnest(languages) AS own (tag)
    WHERE tag = language OR starts_with(language, tag || '-') OR starts_with(tag, language || '-'))
$$;
