/** Programs that ask with a key: through the real handlers, as Next calls them. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { API_KEY_REQUESTS_PER_MINUTE, type ApiKeyScope, apiKeyScopes } from '@/lib/schemas/api-key';
import { createApiKey } from '@/lib/services/api-keys';
import { createProject } from '@/lib/services/projects';
import type { Method } from './body-limits';
import { countRequest } from './key-rate';
import { openApiDocument } from './openapi';
import { operations } from './operations';
import { openRoutes, type RouteOnDisk, site, type Visitor, visitor } from './routes.test-support';

let db: Database;
let close: () => Promise<void>;
let routes: RouteOnDisk[];
let admin: Visitor;
let researcher: Visitor;
let projectId: string;

beforeAll(async () => {
  ({ db, routes, admin, close } = await openRoutes());
  researcher = await visitor(db, 'Rob', 'researcher');
  projectId = (await createProject(researcher, db, { name: 'P' })).id;
});
afterAll(() => close?.());

const keyOf = async (person: Visitor, scopes: readonly ApiKeyScope[]) =>
  (await createApiKey(person, db, { name: 'K', scopes: [...scopes], days: null })).secret;

/** No cookie, no Origin: what curl sends. */
async function ask(method: Method, path: string, headers: Record<string, string>, version = '/v1') {
  const { handlers } = routes.find((route) => route.path === path)!;
  const params = Object.fromEntries([...path.matchAll(/\[(?:\.\.\.)?(\w+)\]/g)].map(([, name]) => [name!, projectId]));
  const address = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, projectId);
  const request = new Request(`${site}/api${version}/${address}`, {
    method,
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
    ...(method !== 'GET' && { body: '{}' }),
  });
  return handlers[method]!(request, { params: Promise.resolve(params) });
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

it('a key with every scope, even an administrator’s, does what the operations list and nothing else', async () => {
  const headers = bearer(await keyOf(admin, apiKeyScopes));
  for (const { path, handlers } of routes.filter((route) => !route.path.startsWith('auth/'))) {
    for (const method of Object.keys(handlers) as Method[]) {
      const answer = await ask(method, path, headers);
      const text = await answer.text();
      // What anybody may call asks nobody who they are.
      const isListed = operations[path]?.[method] !== undefined;
      const isRefused = text.includes('refusals.notByApiKey');
      const isPublic = /^(invites\/\[token\]|reset\/|openapi|clients\/|me$|\[\.\.\.unknown)/.test(path);
      expect({ call: `${method} ${path}`, isRefused }).toEqual({
        call: `${method} ${path}`,
        isRefused: !isListed && !isPublic,
      });
      if (isListed) expect(text, `${method} ${path}`).not.toMatch(/notInScope|signInFirst/);
    }
  }
});

it('a key does only what its scopes say', async () => {
  for (const scope of apiKeyScopes) {
    const headers = bearer(await keyOf(researcher, [scope]));
    for (const [path, methods] of Object.entries(operations)) {
      for (const [method, operation] of Object.entries(methods)) {
        const text = await (await ask(method as Method, path, headers)).text();
        expect({ call: `${method} ${path}`, scope, refused: text.includes('refusals.notInScope') }).toEqual({
          call: `${method} ${path}`,
          scope,
          refused: operation.scope !== scope,
        });
      }
    }
  }
});

it('a key says how many requests are left, and is told of refusals as problem details', async () => {
  const answer = await ask('GET', 'projects', bearer(await keyOf(researcher, ['read'])));
  expect(await answer.json()).toMatchObject({ projects: [{ id: projectId }] });
  expect(answer.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/);

  const refused = await ask('GET', 'projects', { ...bearer('rsk_unknown'), 'accept-language': 'en' });
  expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
  expect(await refused.json()).toEqual({
    type: 'about:blank',
    title: 'This API key is unknown or was revoked.',
    status: 401,
    code: 'unauthenticated',
    key: 'refusals.noSuchApiKey',
  });
});

it('a wrong key is not made up for by a session', async () => {
  const { cookie } = researcher.headers as { cookie: string };
  expect((await ask('GET', 'projects', { cookie })).status).toBe(200);
  expect((await ask('GET', 'projects', { cookie, ...bearer('rsk_unknown') })).status).toBe(401);
});

it('a change without a key still has to come from the site’s own page', async () => {
  const { cookie } = researcher.headers as { cookie: string };
  const change = await ask('POST', 'projects', { cookie, origin: 'https://elsewhere.example' });
  expect(await change.json()).toMatchObject({ error: { key: 'refusals.otherSite' } });
});

it('a key asks so often in a minute, and again in the next', () => {
  const now = 1_000_000;
  for (let n = 0; n < API_KEY_REQUESTS_PER_MINUTE; n++) countRequest('k', now);
  expect(() => countRequest('k', now + 59_000)).toThrow(/tooManyRequests/);
  expect(countRequest('other', now + 59_000).ratelimit).toContain(`r=${API_KEY_REQUESTS_PER_MINUTE - 1}`);
  expect(countRequest('k', now + 60_000).ratelimit).toContain(`r=${API_KEY_REQUESTS_PER_MINUTE - 1}`);
});

it('the OpenAPI document is valid, and every operation in it is a route', async () => {
  const document = openApiDocument('https://rescue.example.org');
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  const onDisk = new Set(
    routes.flatMap(({ path, handlers }) => Object.keys(handlers).map((method) => `${method} ${path}`)),
  );
  const listed = Object.entries(operations).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(listed.filter((operation) => !onDisk.has(operation))).toEqual([]);
  const ids = Object.values(operations).flatMap((methods) => Object.values(methods).map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});
