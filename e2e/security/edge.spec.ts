/** The built server over raw connections: what browsers do not send, and what every answer carries. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { join as accept, invite, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let admin: Person;
let outsider: Person;
let projectId = '';
test.beforeAll(async () => {
  server = await startServer();
  admin = await accept(server, server.setupUrl, 'Ada');
  outsider = await invite(server, admin, 'Otto', 'researcher');
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'P' });
  projectId = body.project.id;
});
test.afterAll(() => server?.stop());

interface Raw {
  status: number;
  head: string;
  body: string;
  /** Bytes of the body that the server took before it closed or answered. */
  sent: number;
}

/** One request as text; `mostBody` bytes of a chunked body are offered to it. */
function raw(request: string, mostBody = 0): Promise<Raw> {
  const { port } = new URL(server.url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), 'localhost');
    let heard = '';
    let sent = 0;
    let answered = false;
    socket.setTimeout(60_000, () => fail(new Error(`No answer to ${request.slice(0, 80)}`)));
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      answered = true;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      const [head = '', ...rest] = heard.split('\r\n\r\n');
      done({ status: Number(head.split(' ')[1] ?? 0), head: head.toLowerCase(), body: rest.join('\r\n\r\n'), sent });
    });
    socket.write(request);
    const piece = Buffer.alloc(64 * 1024, 0x20);
    const offer = () => {
      while (!socket.destroyed && !answered && sent < mostBody) {
        sent += piece.length;
        const more = socket.write(`${piece.length.toString(16)}\r\n`);
        if (!(socket.write(piece) && socket.write('\r\n') && more)) {
          socket.once('drain', offer);
          return;
        }
      }
    };
    if (mostBody > 0) offer();
  });
}

const get = (path: string, host = 'localhost', more = '') =>
  raw(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${more}connection: close\r\naccept: text/html\r\n\r\n`);

const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

test('a body of 400 MB that nobody announced is not taken, neither to sign in nor by a page', async () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const before = memoryOf(server.pid());
  for (const path of ['/api/auth/sign-in/email', '/api/auth/nothing', '/api/nothing', '/', '/sign-in']) {
    const head = `POST ${path} HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\norigin: ${server.url}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const { status, sent } = await raw(head, 400 * 2 ** 20);
    // 0: the connection was cut while the body was still coming, and the answer went with it.
    expect([0, 404, 405, 413], `${path} answered ${status}`).toContain(status);
    // What was on its way: the buffers of both ends of the connection.
    expect(sent, path).toBeLessThan(40 * 2 ** 20);
  }
  const after = memoryOf(server.pid());
  console.log(
    `The server's memory before and after 5 bodies of 400 MB: ${before.toFixed(0)} and ${after.toFixed(0)} MB`,
  );
  expect(after).toBeLessThan(before + 300);
});

test('an upload to a foreign project is told 404 before its body', async () => {
  for (const path of ['import', 'import/preview', 'snapshots/import', 'responses']) {
    const head = [
      `POST /api/projects/${projectId}/${path} HTTP/1.1`,
      `host: ${new URL(server.url).host}`,
      `origin: ${server.url}`,
      `cookie: ${outsider.cookie}`,
      'content-length: 60000000',
      '\r\n',
    ].join('\r\n');
    // Not a byte of the body is sent, and the answer comes all the same.
    expect((await raw(head)).status, path).toBe(404);
  }
  const own = await admin.ask('POST', `/projects/${projectId}/import`, undefined, { text: promptLines(2) });
  expect(own.status).toBe(200);
});

test('odd paths, Hosts and queries are told so, and never with 500', async () => {
  for (const path of ['/%ff', '/%00', '/api/projects/%ff', '/projects/%E0%A4%A', '/_next/%ff', '/%', '//%ff//']) {
    expect({ path, status: (await get(path)).status }).toEqual({ path, status: 400 });
  }
  for (const host of ['a b', 'x/y', 'me@here', 'localhost:99999', '[::1', '%00', '"']) {
    for (const path of ['/', '/sign-in', '/api/me']) {
      expect({ host, path, status: (await get(path, host)).status }).toEqual({ host, path, status: 400 });
    }
  }
  const queries = ['?after=1e300', '?after=99999999999', '?after=%00', '?after=-1', '?after=%ff', '?after[]=1'];
  for (const query of queries) {
    const { status } = await admin.ask('GET', `/projects/${projectId}/prompts${query}`);
    expect([200, 400], `${query} answered ${status}`).toContain(status);
  }
  for (const path of [
    '/projects/%EF%BF%BF/annotate',
    `/projects/${'x'.repeat(5_000)}`,
    '/invite/%F0%9F%98%80',
    '/a%2Fb',
  ]) {
    expect((await get(path)).status, path).toBeLessThan(500);
  }
  expect((await admin.ask('GET', '/no/such/route')).body).toMatchObject({ error: { code: 'not_found' } });
});

test('every document has a policy: pages, 404s, redirects, refusals', async () => {
  const paths = ['/', '/sign-in', '/nothing-here', '/_next/nothing', '/_next/static/nothing.js', '/api/nothing'];
  paths.push(
    '/sign-in/',
    '//sign-in',
    '/%ff',
    '/invite/nothing',
    '/demo/nothing',
    '/models/demo/nothing',
    '/icon-nothing',
  );
  for (const path of paths) {
    const { head, status } = await get(path);
    expect(head, `${path} answered ${status}`).toContain('content-security-policy: default-src');
    expect(head, path).toContain(`frame-ancestors 'none'`);
  }
  // Scripts have none of their own: a worker takes its policy from its script.
  const script = /\/_next\/static\/[^"]+\.js/.exec((await get('/sign-in')).body)![0];
  expect((await get(script)).head).not.toContain('content-security-policy');
});

test('HSTS is sent where people see https, and only there', async () => {
  const https = 'x-forwarded-proto: https\r\n';
  // Nobody is believed who is no trusted proxy.
  expect((await get('/sign-in', 'localhost', https)).head).not.toContain('strict-transport-security');
  const behindProxy = await startServer({ env: { TRUST_PROXY: '1' } });
  const plain = server;
  try {
    server = behindProxy;
    expect((await get('/sign-in')).head).not.toContain('strict-transport-security');
    for (const path of ['/sign-in', '/nothing', '/api/me', '/%ff']) {
      expect((await get(path, 'localhost', https)).head, path).toContain('strict-transport-security: max-age=31536000');
    }
  } finally {
    server = plain;
    await behindProxy.stop();
  }
});
