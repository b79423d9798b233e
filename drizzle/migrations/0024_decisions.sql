CREATE TABLE "decision_placements" (
	"decision_id" uuid NOT NULL,
	"response_id" uuid NOT NULL,
	"state" text NOT NULL,
	"tier" integer,
	CONSTRAINT "decision_placements_decision_id_response_id_pk" PRIMARY KEY("decision_id","response_id")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"prompt_id" uuid NOT NULL,
	"reviewer_id" text NOT NULL,
	"version" integer NOT NULL,
	"idempotency_key" text NOT NULL,
	"kind" text NOT NULL,
	"all_bad" boolean DEFAULT false NOT NULL,
	"tiers_version" integer DEFAULT 1 NOT NULL,
	"time_on_task_ms" integer DEFAULT 0 NOT NULL,
	"remarks" jsonb DEFAULT '{"comment":"","tags":[],"marks":[]}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sent_back_answers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"prompt_id" uuid NOT NULL,
	"annotator_id" text NOT NULL,
	"annotation_id" uuid NOT NULL,
	"note" text NOT NULL,
	"sent_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "prompt_coverage" ADD COLUMN "decided_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "decisions_settle" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "decision_placements" ADD CONSTRAINT "decision_placements_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_placements" ADD CONSTRAINT "decision_placements_response_id_responses_id_fk" FOREIGN KEY ("response_id") REFERENCES "public"."responses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_reviewer_id_users_id_fk" FOREIGN KEY ("reviewer_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sent_back_answers" ADD CONSTRAINT "sent_back_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sent_back_answers" ADD CONSTRAINT "sent_back_answers_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sent_back_answers" ADD CONSTRAINT "sent_back_answers_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sent_back_answers" ADD CONSTRAINT "sent_back_answers_annotation_id_annotations_id_fk" FOREIGN KEY ("annotation_id") REFERENCES "public"."annotations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sent_back_answers" ADD CONSTRAINT "sent_back_answers_sent_by_users_id_fk" FOREIGN KEY ("sent_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decision_placements_response" ON "decision_placements" USING btree ("response_id");--> statement-breakpoint
CREATE UNIQUE INDEX "decisions_version" ON "decisions" USING btree ("prompt_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "decisions_idempotency" ON "decisions" USING btree ("reviewer_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "decisions_project" ON "decisions" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sent_back_answers_open" ON "sent_back_answers" USING btree ("project_id","annotator_id","prompt_id") WHERE "sent_back_answers"."answered_at" is null and "sent_back_answers"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "sent_back_answers_prompt" ON "sent_back_answers" USING btree ("prompt_id","created_at");--> statement-breakpoint
CREATE INDEX "prompt_coverage_differing" ON "prompt_coverage" USING btree ("project_id","disagreement","prompt_id") WHERE "prompt_coverage"."disagreement" > 0 and "prompt_coverage"."decided_at" is null and not "prompt_coverage"."is_gold";--> statement-breakpoint
CREATE INDEX "prompt_coverage_decided" ON "prompt_coverage" USING btree ("project_id","decided_at","prompt_id") WHERE "prompt_coverage"."decided_at" is not null;