import { createHash } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import { CREATION_KEY_HEADER, creationKeySchema } from '@/lib/schemas/creation';
import { UPLOAD_HEADER } from '@/lib/schemas/upload';
import { createOnce, createOnceInSteps, type IdempotentRequest, type KeepAnswer } from '@/lib/services/create-once';
import { json, parse, readBytes, type SignedInContext } from './route';

/**
 * The 201 answer of a route that creates something. With the header `Idempotency-Key`, which every page sends, a
 * repeated request creates nothing more; see create-once.ts. `body` is the request's content.
 */
export async function createdAnswer(
  context: SignedInContext,
  body: object,
  create: (db: Database) => Promise<object>,
): Promise<Response> {
  const { actor, db } = context;
  const asked = idempotentRequest(context, body);
  return json(asked ? await createOnce(actor, db, asked, create) : await create(db), { status: 201 });
}

/** The same for what a job creates, whose answer `create` hands to `keep` in its last transaction where it can. */
export async function createdInSteps<Answer>(
  context: SignedInContext,
  body: object,
  create: (keep?: KeepAnswer<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const { actor, db } = context;
  const asked = idempotentRequest(context, body);
  return asked ? createOnceInSteps(actor, db, asked, create) : create();
}

/**
 * The same for a file. `create` gets the request's body, which is part of the content; or null where a complete upload takes
 * its place: of that the id is enough, so a repeated request is answered when the upload is gone, too.
 */
export async function createdFromFile<Answer>(
  context: SignedInContext,
  create: (body: Uint8Array<ArrayBuffer> | null, keep?: KeepAnswer<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const upload = context.request.headers.get(UPLOAD_HEADER);
  const body = upload ? null : await readBytes(context.request);
  const content = body ? { sha256: createHash('sha256').update(body).digest('hex') } : { upload };
  return createdInSteps<Answer>(context, content, (keep) => create(body, keep));
}

function idempotentRequest({ request, url }: SignedInContext, content: object): IdempotentRequest | null {
  const header = request.headers.get(CREATION_KEY_HEADER);
  if (header === null) return null;
  const query = new URLSearchParams(url.searchParams);
  // By which a request is followed says nothing of what it creates.
  query.delete('job');
  query.sort();
  const operation = `${url.pathname}${query.size > 0 ? `?${query}` : ''}`;
  return { key: parse(creationKeySchema, header), operation, content };
}
