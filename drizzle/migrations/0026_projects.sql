CREATE TABLE "settings_versions" (
	"project_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "settings_versions_project_id_version_pk" PRIMARY KEY("project_id","version")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "state" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "settings_versions" ADD CONSTRAINT "settings_versions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings_versions" ADD CONSTRAINT "settings_versions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "annotation_heads_annotation" ON "annotation_heads" USING btree ("annotation_id");--> statement-breakpoint
INSERT INTO "settings_versions" ("project_id", "version", "settings", "created_at")
SELECT "id", "settings_version", jsonb_build_object(
  'name', "name", 'description', "description", 'tiers', "tiers", 'tierColors', "tier_colors", 'issueTags', "issue_tags",
  'goldWarmUp', "gold_warm_up", 'goldEvery', "gold_every", 'hideSelfNames', "hide_self_names",
  'textFormat', "text_format", 'thinkingTags', "thinking_tags", 'overlap', "overlap", 'overlapSample', "overlap_sample",
  'overlapSamplePercent', "overlap_sample_percent", 'assignmentOrder', "assignment_order",
  'leaseMinutes', "lease_minutes", 'promptLimit', "prompt_limit", 'decisionsSettle', "decisions_settle",
  'consensusQuorum', "consensus_quorum", 'consensusMaxAgainst', "consensus_max_against"
), "updated_at" FROM "projects";
