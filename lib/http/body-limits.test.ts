/** Through every route on disk: how much of a body is read, and for whom. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { importPrompts } from '@/lib/services/import-prompts';
import { promptFile } from '@/lib/services/people.test-support';
import { createProject } from '@/lib/services/projects';
import { bodyLimit, bodyLimits, type Method } from './body-limits';
import { boundRequest } from './bounded-body';
import { readBytes } from './route';
import {
  type RouteOnDisk,
  routesOnDisk,
  serveFrom,
  site,
  stopServing,
  type Visitor,
  visitor,
} from './routes.test-support';

const PIECE = 64 * 1024;

/** A body that nobody announced, endless up to `most` bytes, and how many of them were asked for. */
function endless(most = 64 * 1024 * 1024) {
  const count = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (count.bytes >= most) return controller.close();
        count.bytes += PIECE;
        controller.enqueue(new Uint8Array(PIECE).fill(0x20));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, count };
}

const send = (path: string, method: string, headers: Record<string, string>, body: BodyInit) =>
  new Request(`${site}/api/${path}`, { method, headers, body, duplex: 'half' } as RequestInit);

let routes: RouteOnDisk[];
beforeAll(async () => {
  routes = await routesOnDisk();
});

describe('the table of body limits', () => {
  it('names every route on disk with every method that changes something, and no other', () => {
    const onDisk = Object.fromEntries(
      routes.map(({ path, handlers }) => [path, Object.keys(handlers).filter((method) => method !== 'GET')]),
    );
    const inTable = Object.fromEntries(Object.entries(bodyLimits).map(([path, of]) => [path, Object.keys(of)]));
    expect(onDisk).toEqual(inTable);
  });

  it('is asked by address: a name goes before a variable, and what is not there takes nothing', () => {
    expect(bodyLimit('POST', '/api/projects/some-id/import/preview')).toBe(64 * 1024 * 1024);
    expect(bodyLimit('POST', '/api/models/hub')).toBe(bodyLimits['models/hub']!.POST);
    expect(bodyLimit('POST', '/api/auth/sign-in/email')).toBe(16 * 1024);
    expect(bodyLimit('POST', '/api/auth')).toBe(0);
    expect(bodyLimit('PUT', '/api/projects')).toBe(0);
    expect(bodyLimit('POST', '/api/projects/a/import/preview/more')).toBe(0);
  });
});

describeOnEachDatabase('a body', (database) => {
  let params: Record<string, string>;
  let stranger: Visitor;
  let owner: Visitor;
  beforeAll(async () => {
    const db = database();
    serveFrom(db);
    owner = await visitor(db, 'Owner', 'researcher');
    stranger = await visitor(db, 'Stranger', 'annotator');
    const project = await createProject(owner, db, { name: 'P' });
    await importPrompts(owner, db, project.id, promptFile(2));
    const { snapshot } = await createSnapshot(owner, db, project.id, { name: 'S', strategy: 'hybrid' });
    const wanted = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
    const run = await createRun(owner, db, project.id, wanted);
    const some = '00000000-0000-4000-8000-000000000000';
    params = {
      projectId: project.id,
      runId: run.id,
      promptId: some,
      userId: some,
      resetToken: some,
      modelId: some,
      snapshotId: snapshot.id,
      name: 'a',
    };
  });
  afterAll(stopServing);

  const call = async ({ path, handlers }: RouteOnDisk, method: Method, who: Visitor | null, body: BodyInit) => {
    const address = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => params[name] ?? 'x');
    const headers = who?.headers ?? { host: 'localhost', origin: site };
    return handlers[method]!(send(address, method, headers, body), { params: Promise.resolve(params) });
  };
  const changing = () =>
    routes.flatMap((route) =>
      (Object.keys(route.handlers) as Method[])
        .filter((method) => method !== 'GET')
        .map((method) => ({ route, method })),
    );
  /** Doors that somebody without an account, or without a place here, may knock at. */
  const open = ['auth/[...all]', 'invites/[token]/accept'];

  it('of an unauthorised person is not read at all', async () => {
    for (const { route, method } of changing().filter(({ route }) => !open.includes(route.path))) {
      // Everybody who is signed in has sessions.
      for (const who of route.path === 'me/sessions' ? [null] : [null, stranger]) {
        const { body, count } = endless();
        const { status } = await call(route, method, who, body);
        expect([401, 403, 404], `${method} ${route.path} for ${who ? 'a stranger' : 'nobody'}`).toContain(status);
        expect({ of: `${method} ${route.path}`, read: count.bytes }).toEqual({
          of: `${method} ${route.path}`,
          read: 0,
        });
      }
    }
  });

  it('is left where it passes the limit, on every route that takes little', async () => {
    const small = changing().filter(({ route, method }) => bodyLimits[route.path]![method]! <= 1024 * 1024);
    expect(small.length).toBeGreaterThan(15);
    for (const { route, method } of small) {
      const limit = bodyLimits[route.path]![method]!;
      const { body, count } = endless();
      await call(route, method, owner, body);
      expect(count.bytes, `${method} ${route.path}`).toBeLessThanOrEqual(limit + PIECE);
    }
  });

  it('without a Content-Length is refused when it passes the limit: sign-in takes 16 KB', async () => {
    const auth = routes.find(({ path }) => path === 'auth/[...all]')!;
    const { body, count } = endless();
    params.all = 'sign-in/email';
    const answer = await call({ ...auth, path: 'auth/sign-in/email' }, 'POST', null, body);
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain('16 KB');
    expect(count.bytes).toBe(PIECE);
  });

  it('that is announced as too large is refused unread', async () => {
    const route = routes.find(({ path }) => path === 'projects/[projectId]/import')!;
    const { body, count } = endless();
    const headers = { ...owner.headers, 'content-length': String(70 * 1024 * 1024) };
    const answer = await call(route, 'POST', { ...owner, headers }, body);
    expect(answer.status).toBe(413);
    expect(count.bytes).toBe(0);
  });

  it('of many large uploads at once waits for a place, and gets one as soon as another ended', async () => {
    const route = routes.find(({ path }) => path === 'projects/[projectId]/import')!;
    const slow = () => {
      let finish = () => {};
      let begin = () => {};
      const begun = new Promise<void>((done) => {
        begin = done;
      });
      const finished = new Promise<void>((done) => {
        finish = done;
      });
      const pieces = [promptFile(2)];
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            begin();
            const piece = pieces.pop();
            if (piece) return controller.enqueue(piece);
            await finished;
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return { answer: call(route, 'POST', owner, body), begun, finish };
    };
    const first = [slow(), slow(), slow()];
    await Promise.all(first.map(({ begun }) => begun));
    const refused = await call(route, 'POST', owner, endless().body);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(((await refused.json()) as { error: unknown }).error).toMatchObject({ key: 'refusals.uploadsBusy' });
    const [ended, ...others] = first;
    ended!.finish();
    expect((await ended!.answer).status).toBe(200);
    const next = slow();
    await next.begun;
    for (const upload of [...others, next]) upload.finish();
    for (const upload of [...others, next]) expect((await upload.answer).status).toBe(200);
  });
});

describe('a bounded request', () => {
  it('gives the bytes as they are, up to the last one that is allowed', async () => {
    const bytes = new Uint8Array(16 * 1024).map((_, i) => i % 251);
    const whole = await readBytes(boundRequest(send('auth/sign-in/email', 'POST', {}, bytes)).request);
    expect(whole).toEqual(bytes);
    const longer = send('auth/sign-in/email', 'POST', {}, new Uint8Array(16 * 1024 + 1));
    await expect(boundRequest(longer).request.arrayBuffer()).rejects.toThrow();
  });
});
