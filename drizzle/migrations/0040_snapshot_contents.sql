CREATE TABLE "snapshot_contents" (
	"snapshot_id" uuid PRIMARY KEY NOT NULL,
	"contents" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "snapshot_records" ADD COLUMN "prompt_key" text;--> statement-breakpoint
ALTER TABLE "snapshot_contents" ADD CONSTRAINT "snapshot_contents_snapshot_id_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "snapshot_records_prompt" ON "snapshot_records" USING btree ("snapshot_id","prompt_key");