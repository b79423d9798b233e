/**
 * The embedded database belongs to one process. While a server is that process, `rescue backup` requests a copy of the
 * folder from it, over a socket that only the folder's owner can open. The copy is made after a checkpoint while
 * queries wait; stored files are hard-linked. The request is authenticated by the lock's nonce, which only the owner
 * can read.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, cp, link, mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { lockNonce } from '../db/data-dir-lock';
import { BackupError } from './backup-error';

export interface FolderCopy {
  /** The folder of the copy, which contains `database` and `files`. */
  folder: string;
  pausedMs: number;
}

/** Runs a task after a checkpoint, while no query runs. */
export type RunWhilePaused = <T>(task: () => Promise<T>) => Promise<T>;

const COPY_REQUEST = '.copy-';

/** A path for the socket; operating systems limit it to about a hundred bytes. */
function socketPath(dataDir: string): string {
  const folder = resolve(/*turbopackIgnore: true*/ dataDir);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\rescue-${name}`;
  const relative = join(/*turbopackIgnore: true*/ folder, 'door');
  return Buffer.byteLength(relative) < 100 ? relative : join(tmpdir(), `rescue-${name}.door`);
}

/** Listens on the socket of a folder whose lock this process holds. Where a socket cannot be made, it logs an error. */
export async function openBackupSocket(
  dataDir: string,
  whilePaused: RunWhilePaused,
): Promise<{ close(): Promise<void> }> {
  const nonce = (await lockNonce(dataDir)) ?? randomUUID();
  const path = socketPath(dataDir);
  await deleteAbandonedCopies(dataDir);
  await rm(path, { force: true });
  let queueTail: Promise<unknown> = Promise.resolve();
  const server = createServer((asked, answer) => {
    if (!equalInConstantTime(asked.headers.authorization ?? '', nonce)) return void answer.writeHead(403).end();
    // Copies are made one at a time.
    queueTail = queueTail
      .then(() => copyFolder(dataDir, whilePaused))
      .then(
        (copy) => answer.end(JSON.stringify(copy)),
        (error: Error) => answer.writeHead(500).end(error.message),
      );
  });
  const listening = await new Promise<boolean>((done) => {
    server.once('error', (error) => {
      console.error(`No backup can be made while this server runs: ${path}: ${error.message}`);
      done(false);
    });
    server.listen(path, () => done(true));
  });
  if (listening && process.platform !== 'win32') await chmod(path, 0o600);
  server.unref();
  return {
    async close() {
      server.closeAllConnections();
      server.close();
      await queueTail;
      await rm(path, { force: true });
    },
  };
}

async function copyFolder(dataDir: string, whilePaused: RunWhilePaused): Promise<FolderCopy> {
  const folder = join(resolve(/*turbopackIgnore: true*/ dataDir), `${COPY_REQUEST}${randomUUID()}`);
  try {
    return await whilePaused(async () => {
      const started = performance.now();
      await mkdir(join(/*turbopackIgnore: true*/ folder, 'files'), { recursive: true, mode: 0o700 });
      // Blocks are shared (copy-on-write) where the file system supports it.
      const mode = constants.COPYFILE_FICLONE;
      await cp(
        join(/*turbopackIgnore: true*/ dataDir, 'database'),
        join(/*turbopackIgnore: true*/ folder, 'database'),
        { recursive: true, mode },
      );
      for (const name of await readdir(join(/*turbopackIgnore: true*/ dataDir, 'files')).catch(() => [])) {
        if (!/^[0-9a-f]{64}$/.test(name)) continue;
        const [from, to] = [
          join(/*turbopackIgnore: true*/ dataDir, 'files', name),
          join(/*turbopackIgnore: true*/ folder, 'files', name),
        ];
        await link(from, to).catch(() => copyFile(from, to));
      }
      return { folder, pausedMs: Math.round(performance.now() - started) };
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Deletes copies that killed backups left behind. */
async function deleteAbandonedCopies(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(COPY_REQUEST))
      await rm(join(/*turbopackIgnore: true*/ dataDir, name), { recursive: true, force: true });
  }
}

/** @throws BackupError when the server that uses the folder does not answer */
export async function requestCopy(dataDir: string): Promise<FolderCopy & { remove(): Promise<void> }> {
  const nonce = (await lockNonce(dataDir)) ?? '';
  const text = await new Promise<string>((done, fail) => {
    const asking = request({
      socketPath: socketPath(dataDir),
      method: 'POST',
      path: '/copy',
      headers: { authorization: nonce },
    });
    asking.once('error', () =>
      fail(
        new BackupError(`A Rescue Studio is using ${dataDir} and cannot be asked for a copy. Stop it, and try again.`),
      ),
    );
    asking.once('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => {
        body += piece;
      });
      answer.once('error', fail);
      answer.once('end', () => {
        if (answer.statusCode === 200) done(body);
        else fail(new BackupError(`The running Rescue Studio could not make a copy: ${body || answer.statusCode}`));
      });
    });
    asking.end();
  });
  const copy = JSON.parse(text) as FolderCopy;
  return { ...copy, remove: () => rm(copy.folder, { recursive: true, force: true }) };
}

function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
