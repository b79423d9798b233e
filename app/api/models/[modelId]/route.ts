import { route } from '@/lib/http/route';
import { describeModel } from '@/lib/services/read-model-file';

export const GET = route<{ modelId: string }>(({ actor, db, params }) => describeModel(actor, db, params.modelId));
