import { notFound } from '@/lib/auth/refusal';
import { clientFile } from '@/lib/http/clients/client-file';
import { publicRoute } from '@/lib/http/route';

/** The client for programs in one language, made from what this server says of itself. */
export const GET = publicRoute<{ clientFile: string }>(({ params }) => {
  const client = clientFile(params.clientFile);
  if (client === null) throw notFound();
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${params.clientFile}"`,
  };
  return new Response(client, { headers });
});
