import { route } from '@/lib/http/route';
import { describeModel } from '@/lib/services/read-model-file';
import { removeModel } from '@/lib/services/remove-model';

export const GET = route<{ modelId: string }>(({ actor, db, params }) => describeModel(actor, db, params.modelId));

export const DELETE = route<{ modelId: string }>(({ actor, db, params }) => removeModel(actor, db, params.modelId));
