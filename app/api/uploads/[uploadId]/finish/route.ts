import { route } from '@/lib/http/route';
import { HASH_HEADER } from '@/lib/schemas/upload';
import { finishUploading } from '@/lib/services/uploads';

export const POST = route<{ uploadId: string }>(({ actor, db, request, params }) =>
  finishUploading(actor, db, params.uploadId, request.headers.get(HASH_HEADER)),
);
