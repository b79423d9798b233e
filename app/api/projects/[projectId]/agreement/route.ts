import { route } from '@/lib/http/route';
import { getAgreement } from '@/lib/services/get-agreement';

export const GET = route<{ projectId: string }>(({ actor, db, params }) => getAgreement(actor, db, params.projectId));
