/** A server that runs the real handlers, with a key for everything, and programs that ask it as people's scripts do. */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buildSync } from 'esbuild';
import { apiKeyScopes } from '@/lib/schemas/api-key';
import { createApiKey } from '@/lib/services/api-keys';
import { routeAt } from '../body-limits';
import { openRoutes, type RouteOnDisk } from '../routes.test-support';

export interface Said {
  status: number | null;
  stdout: string;
  stderr: string;
}

export async function serveRoutes() {
  const opened = await openRoutes();
  const made = await createApiKey(opened.admin, opened.db, { name: 'K', scopes: [...apiKeyScopes], days: null });
  const key = made.secret;
  const server = serving(opened.routes);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** Where programs run, and write their files. */
  const folder = mkdtempSync(join(tmpdir(), 'rescue-clients-'));

  function run(program: string, argv: string[], environment: Record<string, string> = {}): Promise<Said> {
    const ours = { RESCUE_SERVER: address, RESCUE_API_KEY: key, PYTHONPATH: resolve('clients/python') };
    const env = { ...process.env, ...ours, PYTHONDONTWRITEBYTECODE: '1', ...environment };
    const child = spawn(program, argv, { cwd: folder, env });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (piece) => (said.stdout += piece));
    child.stderr.on('data', (piece) => (said.stderr += piece));
    return new Promise((done) => child.once('close', (status) => done({ status, ...said })));
  }

  return {
    ...opened,
    key,
    address,
    folder,
    run,
    /** Runs a program in one of the languages that `missingFor` knows. */
    runIn: (language: Language, code: string, environment?: Record<string, string>): Promise<Said> => {
      if (language === 'sh') return run('bash', ['-euo', 'pipefail', '-c', code], environment);
      if (language === 'python') return run('python3', ['-c', code], environment);
      return run(process.execPath, [bundled(folder, code)], environment);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Language = 'sh' | 'python' | 'ts';
const needs: Record<Language, string[]> = { sh: ['bash', 'curl', 'python3'], python: ['python3'], ts: [] };

/** Programs that a language needs and this machine lacks. */
export const missingFor = (language: Language): string[] =>
  needs[language].filter((name) => spawnSync(name, ['--version']).status !== 0);

function bundled(folder: string, code: string): string {
  const outfile = join(folder, 'example.mjs');
  writeFileSync(join(folder, 'example.ts'), code);
  copyFileSync('clients/typescript/rescue-studio.ts', join(folder, 'rescue-studio.ts'));
  const entryPoints = [join(folder, 'example.ts')];
  buildSync({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20' });
  return outfile;
}

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
    // An answer that is not as described ends here: whoever asked is told, instead of waiting.
    const made = await handler!(request, { params: Promise.resolve(params) }).catch(
      (error: Error) => new Response(error.message, { status: 500 }),
    );
    answer.writeHead(made.status, Object.fromEntries(made.headers));
    answer.end(Buffer.from(await made.arrayBuffer()));
  });
}

/** Two prompts with three responses each, which labels order into three pairs a prompt. */
export const promptLines: string = [1, 2]
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
