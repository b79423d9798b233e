import { route } from '@/lib/http/route';
import { listMarks } from '@/lib/services/prompt-marks';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  marks: await listMarks(actor, db, params.projectId),
}));
