import { parse, route } from '@/lib/http/route';
import { promptCountQuerySchema } from '@/lib/schemas/prompt-list';
import { countMatchingPrompts } from '@/lib/services/list-prompts';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) =>
  countMatchingPrompts(
    actor,
    db,
    params.projectId,
    parse(promptCountQuerySchema, Object.fromEntries(url.searchParams)),
  ),
);
