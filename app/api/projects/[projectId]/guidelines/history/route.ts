import { route } from '@/lib/http/route';
import { listGuidelines } from '@/lib/services/guidelines';

type Params = { projectId: string };

export const GET = route<Params>(async ({ actor, db, params }) => ({
  versions: await listGuidelines(actor, db, params.projectId),
}));
