import { route } from '@/lib/http/route';
import { getWork } from '@/lib/services/get-work';

export const GET = route<{ projectId: string }>(({ actor, db, params }) => getWork(actor, db, params.projectId));
