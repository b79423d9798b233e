import { route } from '@/lib/http/route';
import { viewAnswer } from '@/lib/services/view-answer';

export const GET = route<{ projectId: string; promptId: string; annotatorId: string }>(({ actor, db, params }) =>
  viewAnswer(actor, db, params.projectId, params),
);
