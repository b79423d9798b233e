import { parse, route } from '@/lib/http/route';
import { settingsHistoryQuerySchema } from '@/lib/schemas/settings';
import { listSettingsVersions } from '@/lib/services/settings-history';

export const GET = route<{ projectId: string }>(({ db, actor, params, url }) => {
  const { after } = parse(settingsHistoryQuerySchema, Object.fromEntries(url.searchParams));
  return listSettingsVersions(actor, db, params.projectId, after);
});
