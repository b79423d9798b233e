import { route } from '@/lib/http/route';
import { viewAnswers } from '@/lib/services/view-answers';

export const GET = route<{ projectId: string; promptId: string }>(({ actor, db, params }) =>
  viewAnswers(actor, db, params.projectId, params.promptId),
);
