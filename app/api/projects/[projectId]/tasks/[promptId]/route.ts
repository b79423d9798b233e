import { route } from '@/lib/http/route';
import { getTask } from '@/lib/services/tasks';

export const GET = route<{ projectId: string; promptId: string }>(({ actor, db, params }) =>
  getTask(actor, db, params.projectId, params.promptId),
);
