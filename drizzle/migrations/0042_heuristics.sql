ALTER TABLE "projects" ADD COLUMN "snapshot_strategy" text DEFAULT 'annotations' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "label_pattern" text;