/** `rescue serve` and `npm start`: builds the web app if needed, starts it, and stops it cleanly. */
import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CLIENT_ADDRESS_HEADER, clientAddress } from '../lib/auth/client-address';
import { configuredOrigin, serverOrigin, trustedHops } from '../lib/auth/origin';
import { findMalformation } from '../lib/http/malformed-requests';
import { addSecurityHeaders } from '../lib/http/response-headers';
import { describeStartFailure } from '../lib/http/start-failure';
import type { ServerHandle } from '../lib/http/start-up';
import { applyTimeouts } from '../lib/http/timeouts';
import { requestLanguage } from '../lib/i18n/locales';
import { refusals as inArabic } from '../messages/ar.json';
import { refusals as inEnglish } from '../messages/en.json';
import { refusals as inJapanese } from '../messages/ja.json';

export const help = `rescue serve: start the web app

  --port N        port to listen on (or PORT; default 3000; 0 takes a free one)
  --host NAME     address to listen on (or HOST; default 127.0.0.1: this machine only)
  --data-dir DIR  where the database and the runs' files lie (or DATA_DIR; default ./data)

Environment: DATABASE_URL (a PostgreSQL to use instead of the embedded database), BASE_URL (the address people open, when a proxy
stands in front), TRUST_PROXY=N (N proxies stand in front: believe what they forward), AUTH_SECRET (instead of
DATA_DIR/secret), SECOND_FACTOR=admins (administrators must have a second factor). docs/deployment.md shows a proxy's set-up.
`;

export interface ServeOptions {
  port: number;
  host: string;
  dataDir: string;
}

/** @throws Error with the option's name when an option is invalid */
export function parseServeOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): ServeOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: { port: { type: 'string' }, host: { type: 'string' }, 'data-dir': { type: 'string' } },
  });
  const text = values.port ?? (environment.PORT || '3000');
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port: "${text}" is not a port`);
  return {
    port,
    host: values.host ?? (environment.HOST || '127.0.0.1'),
    dataDir: resolve(values['data-dir'] ?? (environment.DATA_DIR || 'data')),
  };
}

/** Runs until the server is stopped. @returns the exit code */
export async function serve(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  const options = parseServeOptions(argv, process.env);
  try {
    configuredOrigin();
    trustedHops();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  const root = projectRoot();
  const build = spawnSync(process.execPath, [join(root, 'cli/build-app.mjs'), '--if-needed'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) return 1;

  process.env.DATA_DIR = options.dataDir;
  process.env.RESCUE_ROOT = root;
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  (process.env as Record<string, string>).NODE_ENV = 'production';
  const stopped = new Promise<NodeJS.Signals>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, done);
  });
  // The port is opened first; requests that arrive before the app is ready are answered with 503.
  let answer: Answer = answerWhileStarting;
  const server = createServer((request, response) => {
    recordClientAddress(request);
    addSecurityHeaders(response, { https: isHttps(request) });
    const malformation = findMalformation(request);
    if (malformation) return answerWithMessage(request, response, malformation);
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else answerWithMessage(request, response, { status: 500, key: 'internal' });
    });
  });
  applyTimeouts(server);
  try {
    await listen(server, options);
    const { port } = server.address() as AddressInfo;
    // Links use this port when BASE_URL is not set.
    process.env.PORT = String(port);
    answer = await prepareNext(root, options.host, port);
    announce(options, port);
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await serverHandle()?.close();
    process.stderr.write(`${describeStartFailure(error, options.dataDir)}\n`);
    return 1;
  }
  await stopped;
  await stop(server);
  return 0;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function answerWhileStarting(...[request, response]: Parameters<Answer>): Promise<void> {
  response.setHeader('retry-after', '2');
  answerWithMessage(request, response, { status: 503, key: 'starting' });
}

const messagesByLanguage = { ar: inArabic, en: inEnglish, ja: inJapanese };
const codes = {
  starting: 'starting',
  internal: 'internal',
  oddAddress: 'invalid',
  oddHost: 'invalid',
  onlyRead: 'invalid',
};

/** Answers without Next, with a message in the language of the request. */
function answerWithMessage(
  request: IncomingMessage,
  response: ServerResponse,
  { status, key }: { status: number; key: keyof typeof codes },
): void {
  const { cookie = '', 'accept-language': acceptLanguage = '' } = request.headers;
  const message = messagesByLanguage[requestLanguage(new Headers({ cookie, 'accept-language': acceptLanguage }))][key];
  const api = request.url?.startsWith('/api/') ?? false;
  response.writeHead(status, {
    'content-type': api ? 'application/json' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(api ? JSON.stringify({ error: { code: codes[key], key: `refusals.${key}`, message } }) : message);
}

/** Whether browsers reach this server over https, according to BASE_URL or a trusted proxy. */
function isHttps({ headers }: IncomingMessage): boolean {
  const forwarded = new Headers({ 'x-forwarded-proto': headers['x-forwarded-proto']?.toString() ?? '' });
  return serverOrigin(forwarded).startsWith('https:');
}

/** Opens and migrates the database and prepares Next. @returns the request handler */
async function prepareNext(root: string, hostname: string, port: number): Promise<Answer> {
  // Next would call `register` too, but later, and it would answer requests even if the database could not be opened.
  const built = createRequire(join(root, 'package.json'))('./.next/server/instrumentation.js') as Instrumentation;
  await (await built).register();
  const { default: next } = await import('next');
  const app = next({ dev: false, dir: root, hostname, port });
  await app.prepare();
  return app.getRequestHandler();
}

type Instrumentation = { register(): Promise<void> } | Promise<{ register(): Promise<void> }>;

function serverHandle(): ServerHandle | undefined {
  return (globalThis as { rescueServer?: ServerHandle }).rescueServer;
}

function announce({ host }: ServeOptions, port: number): void {
  const shownHost = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  const address = configuredOrigin() ?? `http://${shownHost}:${port}`;
  console.log(`Rescue Studio is at ${address}`);
  const setupPath = serverHandle()?.setupPath;
  if (setupPath) console.log(`Open ${address}${setupPath} to create the first administrator.`);
}

/** Sets the header with the client's address, by which sign-in attempts are counted. */
function recordClientAddress({ headers, socket }: IncomingMessage): void {
  const forwardedFor = headers['x-forwarded-for'];
  headers[CLIENT_ADDRESS_HEADER] = clientAddress(socket.remoteAddress, forwardedFor?.toString(), trustedHops());
}

function listen(server: Server, { port, host }: ServeOptions): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = `Port ${port} is taken. Stop what is using it, or start with another: --port N or PORT=N.`;
      fail(error.code === 'EADDRINUSE' ? new Error(busy) : error);
    });
    server.listen(port, host, done);
  });
}

const GRACE_MS = 2_000;

/**
 * Gives running requests a moment to finish, and then closes all connections, since an open stream must not delay the
 * exit.
 */
async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
  await serverHandle()?.close();
}

/** The project's root; this bundle is in dist/cli. */
function projectRoot(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // Next keeps timers and handles of its own: ending here is what ends it.
  process.exit(await serve(process.argv.slice(2)));
}
