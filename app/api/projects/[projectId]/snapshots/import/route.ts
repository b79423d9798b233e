import { firstErrors } from '@/lib/formats/first-errors';
import { jobId } from '@/lib/http/job-id';
import { readRequestFile } from '@/lib/http/request-file';
import { json, routeFor } from '@/lib/http/route';
import { importSnapshot } from '@/lib/services/import-snapshot';

const SHOWN_NOTES = 20;

export const POST = routeFor<{ projectId: string }>('snapshots.create', async (context) => {
  const { actor, db, params, translate, url } = context;
  const job = jobId(url);
  const file = await readRequestFile(context);
  const { snapshot, created, notes } = await importSnapshot(actor, db, params.projectId, file, job);
  const { errors: firstNotes, errorCount: noteCount } = firstErrors(notes, translate, SHOWN_NOTES);
  return json({ snapshot, created, notes: firstNotes, noteCount }, { status: created ? 201 : 200 });
});
