import { parse, route } from '@/lib/http/route';
import { promptsToSampleQuerySchema } from '@/lib/schemas/new-responses';
import { promptsToSample } from '@/lib/services/prompts-to-sample';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) => {
  const { after } = parse(promptsToSampleQuerySchema, Object.fromEntries(url.searchParams));
  return promptsToSample(actor, db, params.projectId, after);
});
