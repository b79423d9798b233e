import * as z from 'zod';
import { parse, route } from '@/lib/http/route';
import { promptsToSample } from '@/lib/services/prompts-to-sample';
import { MAX_INTEGER } from '@/trainer/contract/numbers';

const querySchema = z.object({ after: z.coerce.number().int().min(-1).max(MAX_INTEGER).default(-1) });

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) => {
  const { after } = parse(querySchema, Object.fromEntries(url.searchParams));
  return promptsToSample(actor, db, params.projectId, after);
});
