import { serverOrigin } from '@/lib/auth/origin';
import { openApiDocument } from '@/lib/http/openapi';
import { publicRoute } from '@/lib/http/route';

/** What programs may ask, described for them. */
export const GET = publicRoute(({ request }) => openApiDocument(serverOrigin(request.headers)));
