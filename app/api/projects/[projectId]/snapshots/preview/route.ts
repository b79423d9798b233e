import { jobId } from '@/lib/http/job-id';
import { readJson, routeFor } from '@/lib/http/route';
import { previewSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { previewSnapshot } from '@/lib/services/create-snapshot';

export const POST = routeFor<{ projectId: string }>('snapshots.create', async ({ actor, db, request, params, url }) =>
  previewSnapshot(actor, db, params.projectId, await readJson(request, previewSnapshotRequestSchema), jobId(url)),
);
