import { parse, routeFor } from '@/lib/http/route';
import { auditQuerySchema } from '@/lib/schemas/audit';
import { readAudit } from '@/lib/services/audit';

export const GET = routeFor('audit.read', ({ db, actor, url }) =>
  readAudit(actor, db, parse(auditQuerySchema, Object.fromEntries(url.searchParams))),
);
