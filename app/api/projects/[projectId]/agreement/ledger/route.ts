import { parse, route } from '@/lib/http/route';
import { ledgerQuerySchema } from '@/lib/schemas/ledger';
import { getLedger } from '@/lib/services/get-ledger';

export const GET = route<{ projectId: string }>(({ actor, db, params, url }) =>
  getLedger(actor, db, params.projectId, parse(ledgerQuerySchema, Object.fromEntries(url.searchParams))),
);
