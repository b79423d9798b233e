import { readJson, route, routeFor } from '@/lib/http/route';
import { changePromptSchema } from '@/lib/schemas/prompt-change';
import { changePrompt, getChangeablePrompt } from '@/lib/services/change-prompt';
import type { PromptId } from '@/trainer/contract/ids';

type Params = { projectId: string; promptId: PromptId };

export const GET = route<Params>(({ actor, db, params }) =>
  getChangeablePrompt(actor, db, params.projectId, params.promptId),
);

export const POST = routeFor<Params>('project.edit', async ({ actor, db, request, params }) =>
  changePrompt(actor, db, params.projectId, params.promptId, await readJson(request, changePromptSchema)),
);
