import { firstErrors } from '@/lib/formats/first-errors';
import { createdFromFile } from '@/lib/http/created-answer';
import { jobId } from '@/lib/http/job-id';
import { readRequestFile } from '@/lib/http/request-file';
import { json, routeFor } from '@/lib/http/route';
import { type ImportedSnapshot, importSnapshot } from '@/lib/services/import-snapshot';

const SHOWN_NOTES = 20;

export const POST = routeFor<{ projectId: string }>('snapshots.create', async (context) => {
  const { actor, db, params, translate, url } = context;
  const job = jobId(url);
  const { snapshot, created, notes } = await createdFromFile<ImportedSnapshot>(context, async (body, keep) =>
    importSnapshot(actor, db, params.projectId, body ?? (await readRequestFile(context)), { jobId: job, keep }),
  );
  const { errors: firstNotes, errorCount: noteCount } = firstErrors(notes, translate, SHOWN_NOTES);
  return json({ snapshot, created, notes: firstNotes, noteCount }, { status: created ? 201 : 200 });
});
