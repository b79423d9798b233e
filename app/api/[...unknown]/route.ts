import { notFound } from '@/lib/auth/refusal';
import { publicRoute } from '@/lib/http/route';

/** Unknown paths under /api: they get a refusal in the API's format, where Next would render a page. */
const nothing = publicRoute(() => {
  throw notFound();
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
