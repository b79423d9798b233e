/**
 * The built app as users start it: `node dist/cli/serve.mjs` on a free port with a data directory of its own.
 *
 *   const server = await startServer();
 *   await page.goto(server.setupUrl);
 *   await server.kill9(); await server.restart();   // same data directory, same port
 *   await server.stop();                            // SIGTERM; the data directory is removed
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const READY = /Rescue Studio is at (\S+)/;
const SETUP = /Open (\S+) to create the first administrator/;

export interface TestServer {
  /** http://localhost:<port>, without a slash at the end. */
  url: string;
  /** The first administrator's link; '' when there is an account already. */
  setupUrl: string;
  dataDir: string;
  /** The server's output since its last start. */
  log(): string;
  pid(): number;
  /** SIGTERM, and the data directory is removed. @returns the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: the server cannot finish anything. */
  kill9(): Promise<void>;
  /** Starts again on the same port and data directory; `url` stays, `setupUrl` may change. */
  restart(): Promise<void>;
}

/** The result of a start that must be refused. */
export interface FailedStart {
  code: number | null;
  log: string;
}

export interface ServerOptions {
  dataDir?: string;
  /** Start with an empty data directory, for tests of the database's creation. */
  fromNothing?: boolean;
  env?: Record<string, string>;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const ownFolder = options.dataDir === undefined;
  const dataDir = options.dataDir ?? newDataDir(options);
  let running = await start(dataDir, 0, options.env);
  const server: TestServer = {
    url: running.url,
    setupUrl: running.setupUrl,
    dataDir,
    log: () => running.log(),
    pid: () => running.child.pid ?? 0,
    async stop() {
      const code = await end(running.child, 'SIGTERM');
      if (ownFolder) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill9() {
      await end(running.child, 'SIGKILL');
    },
    async restart() {
      await end(running.child, 'SIGKILL');
      running = await start(dataDir, Number(new URL(server.url).port), options.env);
      server.setupUrl = running.setupUrl;
    },
  };
  return server;
}

/** Where template.ts left the data directory of a first start; unset outside Playwright. */
export const TEMPLATE = 'RESCUE_E2E_TEMPLATE';

/** A copy of the data directory after a first start, without accounts, since creating a database is slow. */
function newDataDir({ fromNothing, env }: ServerOptions): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'rescue-e2e-'));
  const template = process.env[TEMPLATE];
  if (template && !fromNothing && !env?.DATABASE_URL) cpSync(template, dataDir, { recursive: true });
  return dataDir;
}

/** For starts that must be refused. @throws when the server becomes ready. */
export async function startRefused(options: ServerOptions & { dataDir: string }): Promise<FailedStart> {
  const { child, log } = launch(options.dataDir, 0, options.env);
  const code = await Promise.race([ended(child), says(child, log, READY).then(() => 'ready' as const)]);
  if (code === 'ready') {
    await end(child, 'SIGKILL');
    throw new Error(`The server started, and should have been refused:\n${log()}`);
  }
  return { code, log: log() };
}

interface Running {
  child: ChildProcess;
  url: string;
  setupUrl: string;
  log(): string;
}

async function start(dataDir: string, port: number, env?: Record<string, string>): Promise<Running> {
  const { child, log } = launch(dataDir, port, env);
  const outcome = await Promise.race([says(child, log, READY), ended(child)]);
  if (!Array.isArray(outcome)) throw new Error(`The server ended with ${outcome} instead of starting:\n${log()}`);
  return { child, log, url: outcome[1] ?? '', setupUrl: SETUP.exec(log())?.[1] ?? '' };
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function launch(dataDir: string, port: number, env: Record<string, string> = {}) {
  const script = resolve('dist/cli/serve.mjs');
  if (!existsSync(script)) throw new Error('dist/cli/serve.mjs is missing: run "npm run build:cli" first.');
  const { DATABASE_URL: _, BASE_URL: __, AUTH_SECRET: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, '--port', String(port), '--data-dir', dataDir], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  let text = '';
  const add = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return { child, log: () => text };
}

/** Waits until the log holds the pattern in a finished chunk of output. */
function says(child: ChildProcess, log: () => string, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((done) => {
    const look = () => {
      const match = pattern.exec(log());
      // The setup link is printed right after the address, maybe in the next chunk.
      if (match) setTimeout(() => done(match), 50);
    };
    child.stdout?.on('data', look);
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => child.once('close', (code) => done(code)));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = ended(child);
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return gone;
}
