/**
 * The embedded database: PGlite in a folder, with a real fsync.
 *
 * Stock PGlite starts PostgreSQL with `-F` (fsync off), and its NODEFS has no fsync, so that a power loss can lose
 * acknowledged rows or the whole folder. Here NODEFS gets an fsync that calls fdatasync, the start parameters turn
 * fsync on, and a new folder is created under a temporary name, synced and renamed. The start is refused when the
 * installed PGlite no longer supports any of this: a database that only pretends to be durable is worse than none.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { assertUndamaged, DamagedDatabaseError, statOrNull } from './embedded-files';
import { syncPath } from './sync-path';

/** The part of Emscripten's NODEFS that the hook touches. */
interface NodeFileSystem {
  stream_ops: Record<string, unknown> & { fsync?: (stream: NodeStream) => number };
  realPath(node: unknown): string;
}

interface NodeStream {
  /** The open file's descriptor; absent for a directory. */
  nfd?: number;
  node: unknown;
}

type Emscripten = Parameters<NodeFS['init']>[1];

/** WASI's EIO, on which PostgreSQL panics: a stopped server is better than a false acknowledgement. */
const EIO = 29;

const MISFIT = 'The installed PGlite does not fit the fsync hook in lib/db/pglite.ts';

/**
 * The parameters without `-F`, with fsync on and the only wal_sync_method that reaches the hook (fdatasync is a no-op
 * in PGlite's build).
 */
export function durableStartParams(defaults: readonly string[]): string[] {
  if (!defaults.includes('-F')) throw new Error(`${MISFIT}: its start parameters have no -F to replace.`);
  return [
    ...defaults.filter((parameter) => parameter !== '-F'),
    ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'full_page_writes=on', '-c', 'synchronous_commit=on'],
  ];
}

/** PGlite's file system for folders with a real fsync; `syncs` counts the calls that reached the disk. */
export class SyncedNodeFS extends NodeFS {
  syncs = 0;

  override async init(pg: PGlite, options: Emscripten): ReturnType<NodeFS['init']> {
    const base = await super.init(pg, options);
    const hook = (module: unknown) => this.hook(module as { NODEFS?: NodeFileSystem });
    return {
      ...base,
      emscriptenOpts: { ...base.emscriptenOpts, preRun: [...asList(base.emscriptenOpts.preRun), hook] },
    } as Awaited<ReturnType<NodeFS['init']>>;
  }

  protected hook(module: { NODEFS?: NodeFileSystem }): void {
    const nodeFs = module.NODEFS;
    if (typeof nodeFs?.stream_ops?.write !== 'function' || typeof nodeFs.realPath !== 'function') {
      throw new Error(`${MISFIT}: it has no NODEFS with stream_ops and realPath.`);
    }
    if (nodeFs.stream_ops.fsync) throw new Error(`${MISFIT}: it has an fsync of its own now.`);
    nodeFs.stream_ops.fsync = (stream) => {
      try {
        if (stream.nfd === undefined) syncFolderSync(nodeFs.realPath(stream.node));
        else fdatasyncSync(stream.nfd);
        this.syncs += 1;
        return 0;
      } catch (error) {
        console.error('The disk refused to sync:', error);
        return EIO;
      }
    };
  }
}

export interface EmbeddedDatabase {
  client: PGlite;
  fileSystem: SyncedNodeFS;
}

/**
 * Opens the database in `folder`, creating it first where there is none at all. The caller holds the data directory's
 * lock.
 * @throws DamagedDatabaseError for an incomplete folder; Error when the installed PGlite cannot be made durable.
 */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
  if ((await statOrNull(folder)) === null) await createEmbedded(folder);
  else await assertUndamaged(folder);
  const opened = await start(folder).catch((error: Error) => {
    throw error.message.startsWith(MISFIT) ? error : new DamagedDatabaseError(folder, error.message, { cause: error });
  });
  try {
    await assertDurable(opened);
  } catch (error) {
    await opened.client.close();
    throw error;
  }
  return opened;
}

/**
 * Created under a temporary name, synced to the last file and renamed, so that `folder` either is complete or does not
 * exist.
 */
async function createEmbedded(folder: string): Promise<void> {
  const parent = join(folder, '..');
  await mkdir(parent, { recursive: true });
  const prefix = '.creating-';
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const temporaryFolder = join(parent, `${prefix}${process.pid}`);
  // It is not synced while it is being created, which is faster; nothing relies on it before the whole tree is synced
  // below.
  await (await PGlite.create({ fs: new NodeFS(temporaryFolder) })).close();
  await syncTree(temporaryFolder);
  await rename(temporaryFolder, folder);
  await syncPath(parent);
}

async function start(folder: string): Promise<EmbeddedDatabase> {
  const fileSystem = new SyncedNodeFS(folder);
  const options: PGliteOptions = { fs: fileSystem, startParams: durableStartParams(PGlite.defaultStartParams) };
  return { client: await PGlite.create(options), fileSystem };
}

/** Verifies on the running database that fsync is on and that a commit reaches the disk. */
export async function assertDurable({ client, fileSystem }: EmbeddedDatabase): Promise<void> {
  const { rows } = await client.query<{ fsync: string; method: string }>(
    `select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method`,
  );
  if (rows[0]?.fsync !== 'on' || rows[0].method !== 'fsync') {
    throw new Error(`${MISFIT}: fsync is ${rows[0]?.fsync} and wal_sync_method ${rows[0]?.method}.`);
  }
  const before = fileSystem.syncs;
  await client.query(`select pg_logical_emit_message(true, 'rescue', 'is a commit synced?')`);
  if (fileSystem.syncs === before) throw new Error(`${MISFIT}: a commit was not synced to disk.`);
}

/** Syncs all files concurrently, so that the disk's journal can commit them together. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else if (entry.isFile()) await syncPath(path);
    }),
  );
  await syncPath(folder);
}

function syncFolderSync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function asList<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
