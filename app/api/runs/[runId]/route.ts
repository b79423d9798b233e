import { route } from '@/lib/http/route';
import { getRun } from '@/lib/services/get-run';

export const GET = route<{ runId: string }>(({ actor, db, params }) => getRun(actor, db, params.runId));
