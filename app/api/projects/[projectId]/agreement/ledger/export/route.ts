import { attachment, textStream } from '@/lib/http/download';
import { parse, route } from '@/lib/http/route';
import { ledgerExportQuerySchema } from '@/lib/schemas/ledger';
import { exportLedger } from '@/lib/services/get-ledger';

/** The whole ledger, one line a pair. */
export const GET = route<{ projectId: string }>(async ({ actor, db, params, url }) => {
  const query = parse(ledgerExportQuerySchema, Object.fromEntries(url.searchParams));
  const { fileName, mediaType, lines } = await exportLedger(actor, db, params.projectId, query);
  return new Response(textStream(lines), { headers: attachment(fileName, mediaType) });
});
