import { parse, route } from '@/lib/http/route';
import { reviewQueueQuerySchema } from '@/lib/schemas/decision';
import { reviewQueue } from '@/lib/services/review-queue';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) =>
  reviewQueue(actor, db, params.projectId, parse(reviewQueueQuerySchema, Object.fromEntries(url.searchParams))),
);
