/** `rescue import`, `snapshot` and `export` against a running server, through a connection that breaks. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { join, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let ada: Person;
let key: string;
const folder = mkdtempSync(joinPath(tmpdir(), 'rescue-commands-'));
const at = (name: string) => joinPath(folder, name);

test.beforeAll(async () => {
  server = await startServer();
  ada = await join(server, server.setupUrl, 'Ada');
  key = await keyWith(['read', 'import', 'snapshots']);
});
test.afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function keyWith(scopes: string[]): Promise<string> {
  const { body } = await ada.ask<{ secret: string }>('POST', '/me/keys', { name: 'K', scopes, days: 1 });
  return body.secret;
}

async function newProject(name: string): Promise<string> {
  const { body } = await ada.ask<{ project: { id: string } }>('POST', '/projects', { name });
  return body.project.id;
}

/** The key comes from the environment, as the help advises. */
function rescue(argv: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [resolve('cli/rescue.mjs'), ...argv], {
    cwd: folder,
    env: { ...process.env, RESCUE_SERVER: server.url, RESCUE_API_KEY: key, ...environment },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => (said.stdout += piece));
  child.stderr.on('data', (piece) => (said.stderr += piece));
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((done) =>
    child.once('close', (status) => done({ status, ...said })),
  );
}

test('from a file to what a trainer reads', async () => {
  await newProject('By command');
  writeFileSync(at('prompts.jsonl'), promptLines(3));
  const preview = await rescue(['import', '--project', 'By command', '--file', 'prompts.jsonl', '--preview']);
  expect(preview, preview.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(preview.stdout)).toMatchObject({ ok: true, counts: { new: 3 } });
  const imported = await rescue(['import', '--project', 'By command', '--file', 'prompts.jsonl']);
  expect(imported, imported.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(imported.stdout)).toMatchObject({ imported: 3, unchanged: 0 });
  const again = await rescue(['import', '--project', 'By command', '--file', 'prompts.jsonl']);
  expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, unchanged: 3 });

  const make = ['snapshot', '--project', 'By command', '--name', 'First', '--strategy', 'hybrid'];
  const made = JSON.parse((await rescue(make)).stdout);
  expect(made).toMatchObject({ name: 'First', created: true, prompts: 3 });
  expect(JSON.parse((await rescue(make)).stdout)).toMatchObject({ id: made.id, created: false });

  const write = (...more: string[]) => rescue(['export', '--format', 'trl-explicit', ...more]);
  const unpacked = await write('--snapshot', 'First', '--out', 'folder');
  expect(unpacked, unpacked.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(unpacked.stdout)).toEqual({ snapshot: 'First', hash: made.hash, out: 'folder' });
  expect(readdirSync(at('folder')).sort()).toEqual(['README.md', 'train.jsonl']);
  expect(readFileSync(at('folder/README.md'), 'utf8')).toContain(made.hash);
  expect(await write('--snapshot', made.hash.slice(0, 12), '--out', 'a.zip')).toMatchObject({ status: 0 });
  expect(readFileSync(at('a.zip')).subarray(0, 2).toString()).toBe('PK');
  expect((await rescue(['export', '--list', '--project', 'By command'])).stdout).toContain('By command: First');
});

test('what cannot be is said in words, and writes nothing', async () => {
  await newProject('Refusals');
  writeFileSync(at('bad.jsonl'), `${promptLines(1)}\n{"prompt": 1}\n`);
  const bad = await rescue(['import', '--project', 'Refusals', '--file', 'bad.jsonl']);
  expect(bad.status).toBe(1);
  expect(bad.stderr).toMatch(/bad\.jsonl:2: .*\n.*nothing was written/);
  const without = await rescue(['import', '--project', 'Refusals', '--file', 'bad.jsonl', '--leave-out-bad-lines']);
  expect(JSON.parse(without.stdout)).toMatchObject({ imported: 1 });

  const refusals: [string[], Record<string, string>, number, RegExp][] = [
    [['import', '--project', 'No', '--file', 'bad.jsonl'], {}, 1, /there is no project "No".*\n.*By command|Refusals/],
    [['import', '--project', 'Refusals', '--file', 'none'], {}, 1, /none: there is no such file/],
    [['import', '--file', 'bad.jsonl'], {}, 2, /--project is missing/],
    [['snapshot', '--project', 'Refusals', '--name', 'x'], { RESCUE_SERVER: '' }, 2, /--server is missing/],
    [['snapshot', '--project', 'Refusals', '--name', 'x'], { RESCUE_API_KEY: '' }, 2, /the key is missing/],
    [['snapshot', '--project', 'Refusals', '--name', 'x'], { RESCUE_API_KEY: 'rsk_no' }, 1, /unknown or was revoked/],
    [['snapshot', '--project', 'Refusals', '--name', 'x', '--strategy', 'magic'], {}, 1, /strategy/],
    [['export', '--snapshot', 'No', '--format', 'csv', '--out', 'x'], {}, 1, /there is no snapshot "No"/],
    [['snapshot', '--project', 'Refusals', '--name', 'x'], { RESCUE_API_KEY: await keyWith(['read']) }, 1, /scope|key/],
  ];
  for (const [argv, environment, status, words] of refusals) {
    const refused = await rescue(argv, environment);
    expect({ argv, status: refused.status, stderr: refused.stderr }).toEqual({
      argv,
      status,
      stderr: expect.stringMatching(words),
    });
    expect(refused.stderr + refused.stdout).not.toContain(key);
    expect(refused.stderr).not.toMatch(/\n\s+at /);
  }
  expect(existsSync(at('x'))).toBe(false);
});

test('columns are mapped by words; what is wrong with them is said, and the mapping is remembered', async () => {
  const project = await newProject('Columns');
  writeFileSync(at('table.csv'), 'Ask,left,right,picked\r\nWhy?,"So, then.",No.,left\r\nHow?,Thus.,Not.,tie\r\n');
  const run = (columns: string, ...more: string[]) =>
    rescue(['import', '--project', 'Columns', '--file', 'table.csv', '--columns', columns, ...more]);
  const mapping = 'prompt=Ask,response=left,response=right,winner=picked';
  const refused = await run('prompt=Ask,label=left');
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('“label=left” must stand behind') });
  const renamed = await run('prompt=Question,response=left,response=right', '--leave-out-bad-lines');
  expect(renamed).toMatchObject({ status: 1, stderr: expect.stringContaining('no row has the column “Question”') });
  expect(JSON.parse((await run(mapping, '--preview')).stdout)).toMatchObject({ ok: true, counts: { new: 2 } });
  const imported = await run(mapping);
  expect(imported, imported.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(imported.stdout)).toMatchObject({ imported: 2, judgements: 2 });

  const { body } = await ada.ask<{ columns: object }>('POST', `/projects/${project}/import/preview`, {
    Ask: 1,
    left: 2,
    right: 3,
    picked: 4,
  });
  expect(body.columns).toMatchObject({ remembered: true, mapping: { prompt: 'Ask', winner: 'picked' } });
});

test('an upload that broke off goes on where it was', async () => {
  const project = await newProject('Resumed');
  const bytes = Buffer.from(promptLines(40));
  writeFileSync(at('resumed.jsonl'), bytes);
  const begin = async (piece: Buffer) => {
    const name = `resumed.jsonl ${createHash('sha256').update(bytes).digest('hex')}`;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name, bytes: bytes.length });
    const address = `${server.url}/api/v1`;
    const started = await fetch(`${address}/projects/${project}/uploads`, { method: 'POST', headers, body });
    const { id } = (await started.json()) as { id: string };
    const rest = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
    await fetch(`${address}/uploads/${id}`, {
      method: 'PATCH',
      headers: { ...headers, ...rest },
      body: new Uint8Array(piece),
    });
  };
  const run = () => rescue(['import', '--project', project, '--file', 'resumed.jsonl']);

  // Bytes that are not the file's are noticed at its end, which shows that the others were not sent again.
  await begin(Buffer.alloc(1000));
  expect((await run()).stderr).toMatch(/damaged|SHA|hash/i);
  await begin(bytes.subarray(0, 1000));
  const went = await run();
  expect(went, went.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(went.stdout)).toMatchObject({ imported: 40 });
});

test('a server that is busy or out of reach is asked again', async () => {
  const project = await newProject('Faults');
  writeFileSync(at('faults.jsonl'), promptLines(5));
  const { address, faults, close } = await faultyConnection();
  const imported = await rescue(['import', '--project', project, '--file', 'faults.jsonl'], { RESCUE_SERVER: address });
  await close();
  expect(imported, imported.stderr).toMatchObject({ status: 0 });
  // The answer of the import was lost; asked for again, the server has kept it.
  expect(JSON.parse(imported.stdout)).toMatchObject({ imported: 5, unchanged: 0 });
  expect(faults).toEqual(['busy', 'lost answer', 'gone']);
});

/** Passes requests on; it refuses the first upload, loses the answer of the first import, then is gone once. */
async function faultyConnection() {
  const faults: string[] = [];
  const proxy: Server = createServer((asked, answer) => {
    const path = asked.url ?? '';
    if (path.endsWith('/uploads') && !faults.includes('busy')) {
      faults.push('busy');
      answer.writeHead(503, { 'retry-after': '1' }).end();
      return;
    }
    if (faults.at(-1) === 'lost answer') {
      faults.push('gone');
      asked.socket.destroy();
      return;
    }
    const lost = /\/import\?/.test(path) && !faults.includes('lost answer');
    const onwards = request(new URL(path, server.url), { method: asked.method, headers: asked.headers }, (from) => {
      if (lost) {
        faults.push('lost answer');
        from.resume();
        asked.socket.destroy();
        return;
      }
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onwards.on('error', () => asked.socket.destroy());
    asked.pipe(onwards);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const close = () =>
    new Promise<void>((done) => {
      proxy.close(() => done());
      proxy.closeAllConnections();
    });
  return { address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, faults, close };
}
