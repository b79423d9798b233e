CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"created_by" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "prompt_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "response_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "additions" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "responses" ADD COLUMN "addition" integer;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "sealed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_running" ON "jobs" USING btree ("project_id") WHERE "jobs"."state" = 'running';--> statement-breakpoint
CREATE INDEX "mark_changes_prompt" ON "mark_changes" USING btree ("prompt_id");--> statement-breakpoint
CREATE INDEX "placements_response" ON "placements" USING btree ("response_id");--> statement-breakpoint
UPDATE "responses" SET "addition" = 1 WHERE "added_at" IS NOT NULL;--> statement-breakpoint
UPDATE "projects" SET
  "prompt_count" = coalesce((SELECT max("position") + 1 FROM "prompts" WHERE "project_id" = "projects"."id"), 0),
  "response_count" = (SELECT count(*) FROM "responses" JOIN "prompts" ON "prompts"."id" = "responses"."prompt_id" WHERE "prompts"."project_id" = "projects"."id"),
  "additions" = (SELECT coalesce(max("addition"), 0) FROM "responses" JOIN "prompts" ON "prompts"."id" = "responses"."prompt_id" WHERE "prompts"."project_id" = "projects"."id");
