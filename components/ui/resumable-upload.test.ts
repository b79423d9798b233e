/** The client's side of an upload against the real routes, over connections that are cut midway. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createRelay, type Server as Relay } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Database, OpenDatabase } from '@/lib/db/client';
import { freshPGlite } from '@/lib/db/testing';
import { routesOnDisk, serveFrom, stopServing, type Visitor, visitor } from '@/lib/http/routes.test-support';
import type { UploadState } from '@/lib/schemas/upload';
import { createProject } from '@/lib/services/projects';
import { readUpload } from '@/lib/services/uploads';
import { api } from './api';
import { uploadInChunks } from './resumable-upload';

let folder: string;
let open: OpenDatabase;
let db: Database;
let server: Server;
let relay: Relay;
let researcher: Visitor;
let projectId: string;
/** Bytes that the relay forwards before it cuts: one entry per connection, then no limit. */
let cuts: number[] = [];
let relayed = 0;
const before = process.env.DATA_DIR;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-resumable-'));
  process.env.DATA_DIR = folder;
  open = await freshPGlite();
  db = open.db;
  serveFrom(db);
  researcher = await visitor(db, 'Rob', 'researcher');
  projectId = (await createProject(researcher, db, { name: 'P' })).id;
  server = createServer(await answering());
  relay = createRelay((client) => {
    const most = cuts.shift() ?? Number.POSITIVE_INFINITY;
    const onward = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let passed = 0;
    client.on('data', (chunk: Buffer) => {
      if (most < 0) return client.destroy();
      passed += chunk.length;
      relayed += chunk.length;
      onward.write(chunk);
      // The relay limits the speed, so that a cut happens before everything is sent.
      client.pause();
      setTimeout(() => client.resume(), 25);
      // The bytes received so far are forwarded; the client gets no answer.
      if (passed > most) client.destroy();
    });
    onward.pipe(client);
    for (const socket of [client, onward]) socket.on('error', () => undefined);
    client.on('close', () => onward.end());
  });
  for (const one of [server, relay]) await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
    real(`http://127.0.0.1:${(relay.address() as AddressInfo).port}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        origin: researcher.headers.origin!,
        cookie: researcher.headers.cookie!,
        connection: 'close',
      },
    }),
  );
});
afterEach(() => {
  cuts = [];
  relayed = 0;
});
afterAll(async () => {
  vi.unstubAllGlobals();
  stopServing();
  relay?.close();
  server?.close();
  server?.closeAllConnections();
  await open?.close();
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
  await rm(folder, { recursive: true, force: true });
});

/** The three routes of an upload, as Next would call them. */
async function answering(): Promise<Parameters<typeof createServer>[1] & object> {
  const routes = await routesOnDisk();
  const patterns = ['projects/[projectId]/uploads', 'uploads/[uploadId]', 'uploads/[uploadId]/finish'].map((path) => ({
    pattern: new RegExp(`^/api/${path.replace(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`),
    handlers: routes.find((route) => route.path === path)!.handlers,
  }));
  return async (request, response) => {
    const { method = 'GET', url = '' } = request;
    const found = patterns.find(({ pattern }) => pattern.test(url))!;
    const params = { ...found.pattern.exec(url)!.groups } as Record<string, string>;
    const headers = { ...(request.headers as Record<string, string>), host: 'localhost' };
    const body = method === 'GET' ? null : (request as unknown as BodyInit);
    const asked = new Request(`http://localhost${url}`, { method, headers, body, duplex: 'half' } as RequestInit);
    const answer = await found.handlers[method as 'GET']!(asked, { params: Promise.resolve(params) });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}

const begin = (name: string, bytes: number) => () =>
  api<UploadState>(`/projects/${projectId}/uploads`, { method: 'POST', json: { name, bytes } });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const waitMs = () => 1;

it('arrives whole over connections that break, and no byte that had arrived is sent again', async () => {
  const bytes = new Uint8Array(randomBytes(5_000_000));
  const file = new Blob([bytes]);
  cuts = [100_000_000, 300_000, 500_000, 0, 700_000, 20_000];
  const told: boolean[] = [];
  const progress: number[] = [];
  const id = await uploadInChunks(begin('broken', bytes.length), file, {
    waitMs,
    onWaiting: (waiting) => told.push(waiting),
    onProgress: (there) => progress.push(there),
  });
  expect(sha256(await readUpload(researcher, db, id, projectId))).toBe(sha256(bytes));
  expect(told).toContain(true);
  expect(told.at(-1)).toBe(false);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(bytes.length);
  // What was on its way when a connection broke, and headers; sent from the start of its piece each time it were more.
  expect(relayed).toBeLessThan(bytes.length + 6 * 220_000);
});

it('goes on after the page was left, and sends nothing of a file that is there', async () => {
  const bytes = new Uint8Array(randomBytes(4_000_000));
  const file = new Blob([bytes]);
  const leaving = new AbortController();
  const left = uploadInChunks(begin('left', bytes.length), file, {
    waitMs,
    signal: leaving.signal,
    onProgress: (there) => there >= 1_000_000 && leaving.abort(),
  });
  await expect(left).rejects.toMatchObject({ code: 'aborted' });
  relayed = 0;
  const id = await uploadInChunks(begin('left', bytes.length), file, { waitMs });
  expect(relayed).toBeLessThan(3_200_000);
  relayed = 0;
  expect(await uploadInChunks(begin('left', bytes.length), file, { waitMs })).toBe(id);
  expect(relayed).toBeLessThan(10_000);
  expect(sha256(await readUpload(researcher, db, id, projectId))).toBe(sha256(bytes));
});

it('of another file under the same name, size and time begins anew', async () => {
  const [one, other] = [new Uint8Array(randomBytes(1_000)), new Uint8Array(randomBytes(1_000))];
  const first = await uploadInChunks(begin('same', 1_000), new Blob([one]), { waitMs });
  const second = await uploadInChunks(begin('same', 1_000), new Blob([other]), { waitMs });
  expect(second).not.toBe(first);
  expect(sha256(await readUpload(researcher, db, second, projectId))).toBe(sha256(other));
});

it('of an empty file arrives, too', async () => {
  const id = await uploadInChunks(begin('empty', 0), new Blob([]), { waitMs });
  expect(await readUpload(researcher, db, id, projectId)).toHaveLength(0);
});

it('ends with the refusal, and with the broken connection where it stays broken', async () => {
  const tooLarge = uploadInChunks(begin('large', 2 ** 40), new Blob(['x']), { waitMs });
  await expect(tooLarge).rejects.toMatchObject({ status: 400 });
  cuts = Array.from({ length: 20 }, () => -1);
  const away = uploadInChunks(begin('away', 1_000), new Blob(['x'.repeat(1_000)]), { waitMs });
  await expect(away).rejects.toMatchObject({ code: 'network' });
});
