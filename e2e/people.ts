/** People for tests that speak HTTP: each signed in, with an `ask` that sends the cookie and the right Origin. */
import type { BrowserContext } from '@playwright/test';
import type { TestServer } from './server';

export interface ApiAnswer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

export interface Person {
  id: string;
  email: string;
  cookie: string;
  ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    json?: unknown,
    options?: AskOptions,
  ): Promise<ApiAnswer<T>>;
}

export interface AskOptions {
  /** Sent instead of JSON. */
  text?: string;
  /** Another Origin than the server's own; null sends none. */
  origin?: string | null;
}

export const PASSWORD = 'a long enough password';

/** One request to /api. JSON answers are parsed; others come as `{text}`. */
export async function ask<T = Record<string, unknown>>(
  server: TestServer,
  cookie: string,
  method: string,
  path: string,
  json?: unknown,
  { text, origin = server.url }: AskOptions = {},
): Promise<ApiAnswer<T>> {
  const headers: Record<string, string> = {};
  if (cookie) headers.cookie = cookie;
  if (origin !== null) headers.origin = origin;
  if (json !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers,
    body: text ?? (json === undefined ? undefined : JSON.stringify(json)),
  });
  const answer = await response.text();
  let body: unknown;
  try {
    body = answer === '' ? {} : JSON.parse(answer);
  } catch {
    body = { text: answer };
  }
  return { status: response.status, body: body as T, headers: response.headers };
}

/** Accepts the invitation behind a link. The e-mail's name is the first one. */
export async function join(server: TestServer, inviteUrl: string, name: string): Promise<Person> {
  const token = inviteUrl.split('/invite/')[1];
  const email = `${name.split(' ')[0]!.toLowerCase()}@example.org`;
  const answer = await ask<{ user: { id: string } }>(server, '', 'POST', `/invites/${token}/accept`, {
    name,
    email,
    password: PASSWORD,
  });
  if (answer.status !== 201) throw new Error(`${name} could not join: ${JSON.stringify(answer.body)}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((value) => value.split(';')[0])
    .join('; ');
  return {
    id: answer.body.user.id,
    email,
    cookie,
    ask: (method, path, json, options) => ask(server, cookie, method, path, json, options),
  };
}

/** Every page of the context is that person's from now on. */
export async function signInAs(context: BrowserContext, server: TestServer, person: Person): Promise<void> {
  await context.addCookies(
    person.cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url };
    }),
  );
}

export async function invite(
  server: TestServer,
  admin: Person,
  name: string,
  role: 'admin' | 'researcher' | 'annotator',
  projectId?: string,
): Promise<Person> {
  const { status, body } = await admin.ask<{ url: string }>('POST', '/invites', { role, projectId });
  if (status !== 201) throw new Error(`${name} could not be invited: ${JSON.stringify(body)}`);
  return join(server, body.url, name);
}

/** JSONL of `count` prompts with three responses each, from a human and two models. */
export function promptLines(count: number): string {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      id: `prompt-${n}`,
      prompt: `Which number follows ${n}?`,
      reference_label: String(n + 1),
      responses: [
        { id: 'a', text: `${n + 1}, since counting goes up by one.`, source: 'human', label: String(n + 1) },
        { id: 'b', text: `It is ${n + 1}.`, source: 'first-model', label: String(n + 1) },
        { id: 'c', text: `It is ${n + 2}.`, source: 'second-model', label: String(n + 2) },
      ],
    }),
  ).join('\n');
}
