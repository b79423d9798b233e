ALTER TABLE "projects" ADD COLUMN "consensus_quorum" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "consensus_max_against" integer DEFAULT 0 NOT NULL;