import { attachment, textStream } from '@/lib/http/download';
import { parse, routeFor } from '@/lib/http/route';
import { auditQuerySchema } from '@/lib/schemas/audit';
import { exportAudit } from '@/lib/services/audit';

/** The log as CSV, newest first. */
export const GET = routeFor('audit.read', async ({ db, actor, url }) => {
  const query = parse(auditQuerySchema, Object.fromEntries(url.searchParams));
  const lines = await exportAudit(actor, db, query);
  return new Response(textStream(lines), { headers: attachment('audit-log.csv', 'text/csv; charset=utf-8') });
});
