import { route } from '@/lib/http/route';
import { HASH_HEADER } from '@/lib/schemas/upload';
import { finishUpload } from '@/lib/services/uploads';

export const POST = route<{ uploadId: string }>(({ actor, db, request, params }) =>
  finishUpload(actor, db, params.uploadId, request.headers.get(HASH_HEADER)),
);
