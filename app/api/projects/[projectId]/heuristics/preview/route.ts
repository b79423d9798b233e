import { readJson, routeFor } from '@/lib/http/route';
import { previewHeuristicsRequestSchema } from '@/lib/schemas/heuristics';
import { previewHeuristics } from '@/lib/services/preview-heuristics';

export const POST = routeFor<{ projectId: string }>('prompts.read', async ({ actor, db, params, request }) =>
  previewHeuristics(actor, db, params.projectId, await readJson(request, previewHeuristicsRequestSchema)),
);
