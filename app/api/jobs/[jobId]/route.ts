import { json, route } from '@/lib/http/route';
import { cancelJob, getJob } from '@/lib/services/jobs';

export const GET = route<{ jobId: string }>(({ actor, db, params, translate }) =>
  getJob(actor, db, params.jobId, translate),
);

export const DELETE = route<{ jobId: string }>(async ({ actor, db, params }) => {
  await cancelJob(actor, db, params.jobId);
  return json({ cancelled: true });
});
