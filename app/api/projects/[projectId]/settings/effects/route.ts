import { readJson, routeFor } from '@/lib/http/route';
import { foretellSettingsSchema } from '@/lib/schemas/settings-effects';
import { foretellSettings } from '@/lib/services/foretell-settings';

/** What settings would do; it changes nothing. */
export const POST = routeFor<{ projectId: string }>('project.edit', async ({ db, actor, params, request }) =>
  foretellSettings(actor, db, params.projectId, await readJson(request, foretellSettingsSchema)),
);
