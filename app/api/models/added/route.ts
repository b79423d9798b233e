import { route } from '@/lib/http/route';
import { listAddedModels } from '@/lib/services/list-added-models';

export const GET = route(({ actor, db }) => listAddedModels(actor, db));
