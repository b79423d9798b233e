CREATE TABLE "mark_changes" (
	"annotator_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"prompt_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mark_changes_annotator_id_idempotency_key_pk" PRIMARY KEY("annotator_id","idempotency_key")
);
--> statement-breakpoint
ALTER TABLE "mark_changes" ADD CONSTRAINT "mark_changes_annotator_id_users_id_fk" FOREIGN KEY ("annotator_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mark_changes" ADD CONSTRAINT "mark_changes_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;