import type { Database } from '@/lib/db/client';
import { creationKeySchema } from '@/lib/schemas/creation';
import { createOnce } from '@/lib/services/create-once';
import { json, parse, type SignedInContext } from './route';

/**
 * The answer of a route that creates something, 201. With a header `Idempotency-Key`, which every page sends, it
 * creates it once: see create-once.ts. `body` is what was asked for.
 */
export async function created(
  { request, url, db, actor }: SignedInContext,
  body: object,
  create: (db: Database) => Promise<object>,
): Promise<Response> {
  const header = request.headers.get('idempotency-key');
  if (header === null) return json(await create(db), { status: 201 });
  const intention = { key: parse(creationKeySchema, header), operation: url.pathname, content: body };
  return json(await createOnce(actor, db, intention, create), { status: 201 });
}
