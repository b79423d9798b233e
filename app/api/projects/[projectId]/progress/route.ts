import { route } from '@/lib/http/route';
import { getProgress } from '@/lib/services/get-progress';

export const GET = route<{ projectId: string }>(({ actor, db, params }) => getProgress(actor, db, params.projectId));
