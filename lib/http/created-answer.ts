import type { Database } from '@/lib/db/client';
import { creationKeySchema } from '@/lib/schemas/creation';
import { createOnce } from '@/lib/services/create-once';
import { json, parse, type SignedInContext } from './route';

/**
 * The 201 answer of a route that creates something. With the header `Idempotency-Key`, which every page sends, a
 * repeated request creates nothing more; see create-once.ts. `body` is the request's content.
 */
export async function createdAnswer(
  { request, url, db, actor }: SignedInContext,
  body: object,
  create: (db: Database) => Promise<object>,
): Promise<Response> {
  const header = request.headers.get('idempotency-key');
  if (header === null) return json(await create(db), { status: 201 });
  const idempotentRequest = { key: parse(creationKeySchema, header), operation: url.pathname, content: body };
  return json(await createOnce(actor, db, idempotentRequest, create), { status: 201 });
}
