import { route } from '@/lib/http/route';
import { viewGuidelineChange } from '@/lib/services/guidelines';

type Params = { projectId: string; version: string };

export const GET = route<Params>(({ actor, db, params }) =>
  viewGuidelineChange(actor, db, params.projectId, params.version),
);
