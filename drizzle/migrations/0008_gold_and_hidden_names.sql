CREATE TABLE "gold_prompts" (
	"prompt_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"expected" jsonb NOT NULL,
	"explanation" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "gold_warm_up" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "gold_every" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "hide_self_names" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "gold_prompts" ADD CONSTRAINT "gold_prompts_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gold_prompts" ADD CONSTRAINT "gold_prompts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gold_prompts" ADD CONSTRAINT "gold_prompts_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "gold_prompts_project" ON "gold_prompts" USING btree ("project_id");