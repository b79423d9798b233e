import { createdInSteps } from '@/lib/http/created-answer';
import { jobId } from '@/lib/http/job-id';
import { json, parse, readJson, route, routeFor } from '@/lib/http/route';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import type { CreatedSnapshot } from '@/lib/schemas/snapshot';
import { createSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { listSnapshots } from '@/lib/services/read-snapshot';

export const GET = route<{ projectId: string }>(({ actor, db, params, url }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listSnapshots(actor, db, params.projectId, after);
});

export const POST = routeFor<{ projectId: string }>('snapshots.create', async (context) => {
  const { actor, db, request, params, url } = context;
  const body = await readJson(request, createSnapshotRequestSchema);
  const job = jobId(url);
  const answer = await createdInSteps<CreatedSnapshot>(context, body, (keep) =>
    createSnapshot(actor, db, params.projectId, body, { jobId: job, keep }),
  );
  return json(answer, { status: answer.created ? 201 : 200 });
});
