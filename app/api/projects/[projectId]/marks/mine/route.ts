import { route } from '@/lib/http/route';
import { listMyMarks } from '@/lib/services/prompt-marks';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  marks: await listMyMarks(actor, db, params.projectId),
}));
