/**
 * What all API routes share: checking the origin of changes, authentication, parsing, calling the handler and
 * answering.
 *
 *   export const POST = route(async ({ actor, request, params, db }) => {
 *     const body = await readJson(request, createProjectSchema);
 *     return Response.json({ project: await createProject(actor, db, body) }, { status: 201 });
 *   });
 *
 * A handler may return a Response or a plain value (sent as JSON, 200). A thrown Refusal becomes
 * `{error:{code,key,message,details?}}` with its status, the message in the language of the request; any other error is
 * logged and becomes a 500 without details.
 */
import type * as z from 'zod';
import { actorOfKey, bearerOf } from '@/lib/auth/api-key';
import { authorizeInProject } from '@/lib/auth/in-project';
import { isSameOrigin } from '@/lib/auth/origin';
import { type Action, type Actor, authorize, isProjectAction } from '@/lib/auth/permissions';
import {
  forbidden,
  invalid,
  notFound,
  Refusal,
  type RefusalCode,
  refusalMessage,
  unauthenticated,
} from '@/lib/auth/refusal';
import { requireActor } from '@/lib/auth/session';
import { type Database, getDb } from '@/lib/db/client';
import { requestLanguage } from '@/lib/i18n/locales';
import { type Translate, translate } from '@/lib/i18n/translate';
import { PROBLEM_TYPE, type Problem } from '@/lib/schemas/answer-fields';
import { findUnstorable, isStorable } from '@/lib/schemas/storable';
import { readableSnapshot } from '@/lib/services/read-snapshot';
import { accessibleRun } from '@/lib/services/run-access';
import { messageOfIssue } from '@/trainer/contract/issues';
import type { Message } from '@/trainer/contract/message';
import { type BoundedRequest, boundRequest } from './bounded-body';
import { readChunks } from './download';
import { countRequest } from './key-rate';
import { operationAt } from './operations';
import { isOutOfRange, outageRefusal } from './outage';
import { issueInRequest, withField } from './request-issues';

type Params = Record<string, string>;

export interface RouteContext<P extends Params = Params> {
  /** The request, whose body is limited; see bounded-body.ts. */
  request: Request;
  bounded: BoundedRequest;
  /** The values of the path's bracketed segments, decoded. */
  params: P;
  url: URL;
  db: Database;
  /** Translates into the language of the request. */
  translate: Translate;
}

export interface SignedInContext<P extends Params = Params> extends RouteContext<P> {
  actor: Actor;
}

type Handler<C> = (context: C) => Promise<unknown> | unknown;
type NextRoute<P extends Params> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

/** A route for signed-in people. */
export function route<P extends Params = Params>(handler: Handler<SignedInContext<P>>): NextRoute<P> {
  return publicRoute<P>(async (context) => {
    const { actor, headers } = await whoAsks(context);
    checkExpectedUser(context.request, actor);
    context.bounded.person = actor.userId;
    const answer = asResponse(await handler({ ...context, actor }));
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    return answer;
  });
}

/**
 * The person of the session's cookie, or of the API key where the request brings one.
 * @throws Refusal 'forbidden' for what no key, or not this one, may ask; 'too_many'; see requireActor and actorOfKey
 */
async function whoAsks({ request, url, db }: RouteContext): Promise<{ actor: Actor; headers: Record<string, string> }> {
  const secret = bearerOf(request.headers);
  if (secret === null) return { actor: await requireActor(request.headers), headers: {} };
  const { actor, keyId } = await actorOfKey(db, secret);
  const headers = countRequest(keyId);
  const operation = operationAt(request.method, url.pathname);
  if (!operation) throw forbidden('notByApiKey');
  if (!actor.scopes?.includes(operation.scope)) throw forbidden('notInScope');
  return { actor, headers };
}

const asResponse = (answer: unknown): Response => (answer instanceof Response ? answer : json(answer));

/**
 * A route for people who have this permission: in the project, or in that of the run or snapshot that the path names, or in the
 * installation. Others are refused before any of the body is read.
 */
export function routeFor<P extends Params = Params>(
  action: Action,
  handler: Handler<SignedInContext<P>>,
): NextRoute<P> {
  return route<P>(async (context) => {
    await authorizeAt(context, action);
    return handler(context);
  });
}

async function authorizeAt({ actor, db, params }: SignedInContext, action: Action): Promise<void> {
  if (!isProjectAction(action)) authorize(actor, action);
  else if (params.runId !== undefined) await accessibleRun(actor, db, action, params.runId);
  else if (params.snapshotId !== undefined) await readableSnapshot(actor, db, params.snapshotId, action);
  else await authorizeInProject(db, actor, action, params.projectId ?? '');
}

/** A route that anybody may call; the origin of changes is still checked. */
export function publicRoute<P extends Params = Params>(handler: Handler<RouteContext<P>>): NextRoute<P> {
  return async (request, { params }) => {
    const bounded = boundRequest(request);
    try {
      // No page of another site can send this header, nor does a program with a key have a page.
      if (bearerOf(request.headers) === null) checkOrigin(request);
      const url = new URL(request.url);
      const resolvedParams = (await params) ?? ({} as P);
      checkAddress(url, resolvedParams);
      const answer = await handler({
        bounded,
        request: bounded.request,
        params: resolvedParams,
        url,
        db: await getDb(),
        translate: translatorOf(request),
      });
      return asResponse(answer);
    } catch (error) {
      return errorResponse(error, request);
    } finally {
      bounded.release();
    }
  };
}

/** A JSON answer that must not be cached. */
export function json(value: unknown, init: ResponseInit = {}): Response {
  const response = Response.json(value ?? null, init);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
}

const statuses: Record<RefusalCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  locked: 423,
  too_large: 413,
  unprocessable: 422,
  too_many: 429,
  unavailable: 503,
};

/** A function that translates into the language of the request. */
export function translatorOf({ headers }: Request): Translate {
  const language = requestLanguage(headers);
  return (message) => translate(language, message);
}

/** The answer for a thrown error, with its message in the language of the request. */
export function errorResponse(error: unknown, request: Request): Response {
  const inLanguage = translatorOf(request);
  if (error instanceof Refusal) {
    const answer = refusalAnswer(request, statuses[error.code], {
      code: error.code,
      ...error.translated(inLanguage),
    });
    if (error.retryAfterSeconds) answer.headers.set('retry-after', String(error.retryAfterSeconds));
    return answer;
  }
  const outage = outageRefusal(error);
  if (outage) {
    console.error(`${request.method} ${new URL(request.url).pathname}: ${(error as Error).message}`);
    return errorResponse(outage, request);
  }
  console.error(error);
  if (isOutOfRange(error)) return errorResponse(invalid('outOfRange'), request);
  const message = refusalMessage('internal');
  return refusalAnswer(request, 500, { code: 'internal', key: message.key, message: inLanguage(message) });
}

/** To a page as `{error}`; to a program with a key as problem details (RFC 9457), with the same members beside them. */
function refusalAnswer(
  request: Request,
  status: number,
  error: { code: string; key: string; message: string },
): Response {
  if (bearerOf(request.headers) === null) return json({ error }, { status });
  const { message, ...members } = error;
  const problem: Problem = { type: 'about:blank', title: message, status, ...members };
  return json(problem, { status, headers: { 'content-type': PROBLEM_TYPE } });
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @throws Refusal 'forbidden' for a change that a page of another site requests */
export function checkOrigin(request: Request): void {
  if (SAFE.has(request.method) || isSameOrigin(request.headers)) return;
  throw forbidden('otherSite');
}

/**
 * @throws Refusal 'not_found' for a path, 'invalid' for a query, that contains text which cannot be stored; JSON bodies
 * are
 * checked for the same
 */
function checkAddress({ searchParams }: URL, params: Params): void {
  if (!Object.values(params).every((part) => [part].flat().every(isStorable))) throw notFound();
  const bad = findUnstorable(Object.fromEntries(searchParams));
  if (bad) throw notStorable(bad);
}

/**
 * A page that sends work later names the person who did it, since somebody else may have signed in to the browser
 * since.
 * @throws Refusal 'unauthenticated' when the session belongs to somebody else
 */
export function checkExpectedUser(request: Request, actor: Actor): void {
  const expected = request.headers.get('x-expected-user');
  if (expected === null || expected === actor.userId) return;
  throw unauthenticated('somebodyElse');
}

/** @throws Refusal 'invalid' naming each wrong field; 'too_large' beyond the route's limit. */
export async function readJson<S extends z.ZodType>(request: Request, schema: S): Promise<z.infer<S>> {
  const text = await readText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('notJson');
  }
  const bad = findUnstorable(value);
  if (bad) throw notStorable(bad);
  return parse(schema, value);
}

function notStorable({ path, reason }: { path: PropertyKey[]; reason: Message }): Refusal {
  const field = path.map(String).join('.');
  return invalid('notValid', { reason: withField(path, reason) }, (inLanguage) => [
    { field, message: inLanguage(reason) },
  ]);
}

/** @throws Refusal 'invalid' naming each wrong field in `details`. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((found) => ({
    field: found.path.map(String).join('.'),
    reason: messageOfIssue(found),
  }));
  throw invalid('notValid', { reason: issueInRequest(result.error.issues[0]!) }, (inLanguage) =>
    wrong.map(({ field, reason }) => ({ field, message: inLanguage(reason) })),
  );
}

/**
 * The body as UTF-8 text. @throws Refusal 'too_large' beyond the route's limit; 'invalid' for other bytes than UTF-8.
 */
export async function readText(request: Request): Promise<string> {
  const bytes = await readBytes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('notUtf8');
  }
}

/** The whole body in memory. @throws Refusal 'too_large' beyond the route's limit, whatever its headers claim. */
export async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readChunks(request)) {
    size += chunk.byteLength;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
