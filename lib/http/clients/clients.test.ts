/** The clients that are handed out: made from the document, and used against a server that runs the real handlers. */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RescueStudio } from '@/clients/typescript/rescue-studio';
import { apiKeyScopes } from '@/lib/schemas/api-key';
import { createApiKey } from '@/lib/services/api-keys';
import { routeAt } from '../body-limits';
import { openApiDocument } from '../openapi';
import { openRoutes, type RouteOnDisk } from '../routes.test-support';
import { pythonClient } from './python-client';
import { typescriptClient } from './typescript-client';

const document = openApiDocument('https://rescue.example.org');
const folder = mkdtempSync(join(tmpdir(), 'rescue-clients-'));
const pythonVersion = spawnSync('python3', ['--version']).status;

it('are those that the document makes; "npm run clients" writes them anew', async () => {
  await expect(typescriptClient(document)).toMatchFileSnapshot(resolve('clients/typescript/rescue-studio.ts'));
  await expect(pythonClient(document)).toMatchFileSnapshot(resolve('clients/python/rescue_studio.py'));
});

describe('against a server', () => {
  let server: Server;
  let address: string;
  let key: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openRoutes();
    close = opened.close;
    key = (await createApiKey(opened.admin, opened.db, { name: 'K', scopes: [...apiKeyScopes], days: null })).secret;
    server = serving(opened.routes);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await close?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it('TypeScript’s goes from a new project to pairs, and throws what is refused', async () => {
    const rescue = new RescueStudio(address, key);
    const { project } = await rescue.createProject({ body: { name: 'From TypeScript' } });
    const at = { projectId: project.id };
    expect(await rescue.importPrompts({ ...at, body: lines })).toMatchObject({ imported: 2 });
    expect(await rescue.importPrompts({ ...at, body: lines })).toMatchObject({ imported: 0, unchanged: 2 });
    const made = await rescue.createSnapshot({ ...at, body: { name: 'First', strategy: 'hybrid' } });
    const pairs = await (await rescue.downloadPairs({ snapshotId: made.snapshot.id })).text();
    expect(pairs.trimEnd().split('\n').length).toBe(made.snapshot.pairCount);
    const { prompts } = await rescue.listPrompts({ ...at, sort: 'import' });
    expect(prompts).toHaveLength(2);
    const refused = await new RescueStudio(address, 'rsk_no').listProjects().catch((error) => error);
    expect(refused).toMatchObject({ name: 'RescueStudioError', status: 401, key: 'refusals.noSuchApiKey' });
  });

  it.skipIf(pythonVersion !== 0)(
    'Python’s does the same, with the standard library alone',
    { timeout: 60_000 },
    async () => {
      const { status, stdout, stderr } = await run('python3', ['-c', pythonScript], {
        PYTHONPATH: resolve('clients/python'),
        PYTHONDONTWRITEBYTECODE: '1',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        imported: 2,
        unchanged: 2,
        pairs: 6,
        refused: [401, 'refusals.noSuchApiKey'],
      });
    },
  );

  describe('the examples of docs/api.md', () => {
    const examples = [...readFileSync('docs/api.md', 'utf8').matchAll(/<!-- run -->\n```(\w+)\n([\s\S]*?)```/g)];
    it('are there in curl, Python and TypeScript', () => {
      expect(examples.map(([, language]) => language)).toEqual(['sh', 'python', 'ts']);
    });
    const needs: Record<string, string[]> = { sh: ['bash', 'curl', 'python3'], python: ['python3'], ts: [] };
    const programs: Record<string, (code: string) => [string, string[]]> = {
      sh: (code) => ['bash', ['-euo', 'pipefail', '-c', code]],
      python: (code) => ['python3', ['-c', code]],
      ts: (code) => {
        writeFileSync(join(folder, 'example.ts'), code);
        const bundled = join(folder, 'example.mjs');
        copyFileSync('clients/typescript/rescue-studio.ts', join(folder, 'rescue-studio.ts'));
        const entryPoints = [join(folder, 'example.ts')];
        buildSync({ entryPoints, outfile: bundled, bundle: true, format: 'esm', platform: 'node', target: 'node20' });
        return [process.execPath, [bundled]];
      },
    };
    it.for(examples.map(([, language, code]) => [language!, code!] as const))(
      '%s',
      { timeout: 60_000 },
      async ([language, code], { skip }) => {
        const [program, argv] = programs[language]!(code);
        const absent = needs[language]!.filter((name) => spawnSync(name, ['--version']).status !== 0);
        if (absent.length > 0) return skip(`${absent.join(' and ')} cannot be run here`);
        writeFileSync(join(folder, 'prompts.jsonl'), lines);
        const { status, stdout, stderr } = await run(program, argv, {
          PYTHONPATH: resolve('clients/python'),
          PYTHONDONTWRITEBYTECODE: '1',
        });
        expect({ status, stdout, stderr }, stdout + stderr).toMatchObject({ status: 0 });
        expect(readFileSync(join(folder, 'pairs.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6);
        rmSync(join(folder, 'pairs.jsonl'));
      },
    );
  });

  function run(program: string, argv: string[], environment: Record<string, string> = {}) {
    const env = { ...process.env, RESCUE_SERVER: address, RESCUE_API_KEY: key, ...environment };
    const child = spawn(program, argv, { cwd: folder, env });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (piece) => (said.stdout += piece));
    child.stderr.on('data', (piece) => (said.stderr += piece));
    return new Promise<{ status: number | null; stdout: string; stderr: string }>((done) =>
      child.once('close', (status) => done({ status, ...said })),
    );
  }
});

const lines = [1, 2]
  .map((n) =>
    JSON.stringify({
      id: `p${n}`,
      prompt: `Which number follows ${n}?`,
      reference_label: String(n + 1),
      responses: [
        { id: 'a', text: `${n + 1}, since counting goes up.`, source: 'human', label: String(n + 1) },
        { id: 'b', text: `It is ${n + 1}.`, source: 'first-model', label: String(n + 1) },
        { id: 'c', text: `It is ${n + 2}.`, source: 'second-model', label: String(n + 2) },
      ],
    }),
  )
  .join('\n');

const pythonScript = `
import json, os
from rescue_studio import RescueStudio, RescueStudioError

rescue = RescueStudio(os.environ["RESCUE_SERVER"], os.environ["RESCUE_API_KEY"])
project = rescue.create_project({"name": "From Python"})["project"]["id"]
lines = ${JSON.stringify(lines)}
imported = rescue.import_prompts(project, lines)["imported"]
unchanged = rescue.import_prompts(project, lines)["unchanged"]
snapshot = rescue.create_snapshot(project, {"name": "First", "strategy": "hybrid"})["snapshot"]["id"]
pairs = len(list(rescue.download_pairs(snapshot)))
try:
    RescueStudio(os.environ["RESCUE_SERVER"], "rsk_no").list_projects()
    refused = None
except RescueStudioError as error:
    refused = [error.status, error.key]
print(json.dumps({"imported": imported, "unchanged": unchanged, "pairs": pairs, "refused": refused}))
`;

/** Next's part: finds the route, and hands it the request. */
function serving(routes: readonly RouteOnDisk[]): Server {
  return createServer(async (asked, answer) => {
    const { pathname } = new URL(asked.url!, 'http://localhost');
    const path = routeAt(pathname)!;
    const parts = pathname.replace(/^\/api\/v1\//, '').split('/');
    const params = Object.fromEntries(
      path
        .split('/')
        .flatMap((part, i) => (part.startsWith('[') ? [[part.slice(1, -1), decodeURIComponent(parts[i]!)]] : [])),
    );
    const hasBody = asked.method !== 'GET';
    const request = new Request(`http://${asked.headers.host}${asked.url}`, {
      method: asked.method!,
      headers: asked.headers as Record<string, string>,
      ...(hasBody && { body: Readable.toWeb(asked) as ReadableStream, duplex: 'half' }),
    } as RequestInit);
    const handler = routes.find((route) => route.path === path)?.handlers[asked.method as 'GET'];
    const made = await handler!(request, { params: Promise.resolve(params) });
    answer.writeHead(made.status, Object.fromEntries(made.headers));
    answer.end(Buffer.from(await made.arrayBuffer()));
  });
}
