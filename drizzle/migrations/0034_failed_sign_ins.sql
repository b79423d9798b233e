DROP TRIGGER "audit_entries_stay" ON "audit_entries";
--> statement-breakpoint
CREATE TRIGGER "audit_entries_stay" BEFORE UPDATE OR TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER "audit_entries_kept" BEFORE DELETE ON "audit_entries" FOR EACH ROW
  WHEN (OLD.kind <> 'sign_in_failed' OR OLD.at > now() - interval '90 days')
  EXECUTE FUNCTION refuse_audit_change();
