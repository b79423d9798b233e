import { parse, route } from '@/lib/http/route';
import { promptListQuerySchema } from '@/lib/schemas/prompt-list';
import { listPrompts } from '@/lib/services/list-prompts';

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) =>
  listPrompts(actor, db, params.projectId, parse(promptListQuerySchema, Object.fromEntries(url.searchParams))),
);
