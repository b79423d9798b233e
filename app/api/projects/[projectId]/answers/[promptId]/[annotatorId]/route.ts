import { route } from '@/lib/http/route';
import { viewAnnotatorAnswer } from '@/lib/services/view-annotator-answer';

export const GET = route<{ projectId: string; promptId: string; annotatorId: string }>(({ actor, db, params }) =>
  viewAnnotatorAnswer(actor, db, params.projectId, params),
);
