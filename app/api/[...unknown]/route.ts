import { notFound } from '@/lib/auth/refusal';
import { publicRoute } from '@/lib/http/route';

/** An address that is no route: told as every refusal is, where Next would draw a page. */
const nothing = publicRoute(() => {
  throw notFound();
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
