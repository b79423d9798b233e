import * as z from 'zod';
import { parse, route } from '@/lib/http/route';
import { rerankRun } from '@/lib/services/rerank-run';
import { countSchema } from '@/trainer/contract/numbers';

const querySchema = z.object({
  offset: z.coerce.number().pipe(countSchema).default(0),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
});

export const GET = route<{ runId: string }>(({ actor, db, url, params }) =>
  rerankRun(actor, db, params.runId, parse(querySchema, Object.fromEntries(url.searchParams))),
);
