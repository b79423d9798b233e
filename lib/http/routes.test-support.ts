/** All routes under app/api, called as Next calls them, and signed-in people to call them as. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import * as z from 'zod';
import { POST as signIn } from '@/app/api/auth/[...all]/route';
import { users } from '@/drizzle/schema';
import { createAuth } from '@/lib/auth/auth';
import { hashToken } from '@/lib/auth/one-time-token';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { insertInvite } from '@/lib/db/invites';
import { freshPGlite } from '@/lib/db/testing';
import type { Role } from '@/lib/schemas/account';
import { errorAnswerSchema, PROBLEM_TYPE, problemSchema } from '@/lib/schemas/answer-fields';
import { acceptInvite } from '@/lib/services/accept-invite';
import { answerSchemas } from './answer-schemas';
import type { Method } from './body-limits';

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

export interface RouteOnDisk {
  /** The route's path under app/api, as in the table of body limits. */
  path: string;
  handlers: Partial<Record<Method, Handler>>;
}

const folder = resolve('app/api');
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export async function routesOnDisk(): Promise<RouteOnDisk[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('route.ts'));
  return Promise.all(
    files.sort().map(async (file) => {
      const exported = (await import(/* @vite-ignore */ join(folder, file))) as Record<string, Handler>;
      const path = file.replace(/\/?route\.ts$/, '');
      const handlers = METHODS.flatMap((method) =>
        exported[method] ? [[method, checked(path, method, exported[method])] as const] : [],
      );
      return { path, handlers: Object.fromEntries(handlers) };
    }),
  );
}

/** Wraps a handler so that it throws for an answer that does not match `answers`. */
function checked(path: string, method: Method, handler: Handler): Handler {
  return async (request, context) => {
    const answer = await handler(request, context);
    await checkAnswer(path, method, answer.clone());
    return answer;
  };
}

/** @throws Error for an answer that does not match the table's schema */
export async function checkAnswer(path: string, method: Method, answer: Response): Promise<void> {
  const shape = answerSchemas[path]?.[method];
  const wrong = (what: string) => new Error(`${method} ${path} answered ${answer.status} ${what}`);
  if (shape === undefined) throw wrong('and is not in the table of answers');
  if (!answer.ok) {
    const isProblem = answer.headers.get('content-type') === PROBLEM_TYPE;
    const read = (isProblem ? problemSchema : errorAnswerSchema).safeParse(await answer.json());
    if (!read.success) throw wrong(`with ${z.prettifyError(read.error)}`);
  } else if (shape === 'refusal') throw wrong('instead of refusing');
  else if (shape === 'nothing') {
    if (answer.status !== 204) throw wrong('instead of 204');
  } else if (shape !== 'file') {
    const text = await answer.text();
    const read = shape.safeParse(JSON.parse(text));
    if (!read.success) throw wrong(`with ${z.prettifyError(read.error)}\n${text.slice(0, 2_000)}`);
  }
}

export const site = 'http://localhost';

const globalState = globalThis as { rescueDatabase?: unknown; rescueAuth?: unknown };

/** Makes the routes use this database and its sessions. */
export function serveFrom(db: Database): void {
  globalState.rescueDatabase = Promise.resolve({ db, kind: 'pglite', close: async () => undefined });
  globalState.rescueAuth = Promise.resolve(createAuth(db, 'a secret of at least thirty-two characters'));
}

export function stopServing(): void {
  globalState.rescueDatabase = undefined;
  globalState.rescueAuth = undefined;
}

/** All routes over a new database and data directory, with an administrator. `close` restores the environment. */
export async function openRoutes() {
  const outside = { DATA_DIR: process.env.DATA_DIR, MODELS_DIR: process.env.MODELS_DIR };
  const dataDir = await mkdtemp(join(tmpdir(), 'rescue-routes-'));
  Object.assign(process.env, { DATA_DIR: dataDir, MODELS_DIR: dataDir });
  const { db, close } = await freshPGlite();
  serveFrom(db);
  return {
    dataDir,
    db,
    routes: await routesOnDisk(),
    admin: await visitor(db, 'Ada', 'admin'),
    close: async () => {
      stopServing();
      await close();
      for (const [name, value] of Object.entries(outside)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Visitor extends Actor {
  /** The headers that the person's browser sends. */
  headers: Record<string, string>;
}

/** Creates a person with an account and a session. */
export async function visitor(db: Database, name: string, role: Role): Promise<Visitor> {
  const [email, password] = [`${name.toLowerCase()}@example.org`, 'correct horse battery staple'];
  const token = `invitation-of-${name}`;
  await insertInvite(db, {
    tokenHash: hashToken(token),
    role: 'annotator',
    projectId: null,
    createdBy: null,
    expiresAt: new Date(Date.now() + 60_000),
  });
  const user = await acceptInvite(db, token, { name, email, password });
  await db.update(users).set({ role }).where(eq(users.id, user.id));
  const headers = { 'content-type': 'application/json', host: 'localhost', origin: site };
  const answer = await signIn(
    new Request(`${site}/api/auth/sign-in/email`, {
      method: 'POST',
      body: JSON.stringify({ email, password }),
      headers,
    }),
  );
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return { userId: user.id, role, headers: { ...headers, cookie } };
}
