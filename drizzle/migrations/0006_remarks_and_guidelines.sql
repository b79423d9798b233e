CREATE TABLE "guideline_readings" (
	"project_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guideline_readings_project_id_user_id_version_pk" PRIMARY KEY("project_id","user_id","version")
);
--> statement-breakpoint
CREATE TABLE "guideline_versions" (
	"project_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"body" text NOT NULL,
	"examples" jsonb NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guideline_versions_project_id_version_pk" PRIMARY KEY("project_id","version")
);
--> statement-breakpoint
ALTER TABLE "annotations" ADD COLUMN "remarks" jsonb DEFAULT '{"comment":"","tags":[],"marks":[]}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "issue_tags" jsonb DEFAULT '[{"id":"wrong-fact","name":"Wrong fact","color":"red"},{"id":"unsafe","name":"Unsafe","color":"purple"},{"id":"off-topic","name":"Off topic","color":"blue"},{"id":"incomplete","name":"Incomplete","color":"yellow"}]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "guideline_readings" ADD CONSTRAINT "guideline_readings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guideline_readings" ADD CONSTRAINT "guideline_readings_version" FOREIGN KEY ("project_id","version") REFERENCES "public"."guideline_versions"("project_id","version") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guideline_versions" ADD CONSTRAINT "guideline_versions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guideline_versions" ADD CONSTRAINT "guideline_versions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
INSERT INTO "guideline_versions" ("project_id", "version", "body", "examples", "created_by", "created_at")
SELECT "id", 1, "guidelines", (SELECT jsonb_agg(''::text) FROM jsonb_array_elements("tiers")), "created_by", "updated_at" FROM "projects" WHERE "guidelines" <> '';
