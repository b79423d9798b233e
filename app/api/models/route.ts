import { route } from '@/lib/http/route';
import { listModels } from '@/lib/services/list-models';

export const GET = route(async ({ actor, db }) => ({ models: await listModels(actor, db) }));
