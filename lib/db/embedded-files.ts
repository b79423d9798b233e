/**
 * Checks whether the embedded database's folder is complete, without changing it. PostgreSQL itself detects damage only
 * while starting, which writes; and PGlite creates a new, empty database over a folder that lacks PG_VERSION.
 *
 * Three things are checked: the folders that PostgreSQL never recreates; the control file (its checksum) and the
 * write-ahead log that it refers to; and our own manifest of the files that hold rows, with the minimum size of each.
 * The manifest is written when every file is synced: after migrations, and after a clean stop.
 */
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export class DamagedDatabaseError extends Error {
  override name = 'DamagedDatabaseError';
  constructor(folder: string, what: string, options?: ErrorOptions) {
    super(
      `The database in ${folder} is damaged: ${what}. It was not opened, so that nothing more is lost. ` +
        'Restore a backup of the whole data directory (its database, files and secret belong together), or copy it ' +
        'again in full. To begin with an empty database, name another data directory.',
      options,
    );
  }
}

const MANIFEST = 'rescue-files.json';

/**
 * Folders that are created with the database. PostgreSQL fails without them, and some copying tools omit empty folders.
 */
const requiredFolders = [
  ...['base', 'global', 'pg_commit_ts', 'pg_dynshmem', 'pg_logical', 'pg_logical/mappings', 'pg_logical/snapshots'],
  ...['pg_multixact', 'pg_multixact/members', 'pg_multixact/offsets', 'pg_notify', 'pg_replslot', 'pg_serial'],
  ...['pg_snapshots', 'pg_stat', 'pg_stat_tmp', 'pg_subtrans', 'pg_tblspc', 'pg_twophase', 'pg_wal', 'pg_xact'],
];
const requiredFiles = ['PG_VERSION', 'postgresql.conf', 'pg_hba.conf', 'pg_ident.conf', 'global/pg_control'];

/**
 * Files of tables, indexes and status logs. They never shrink or disappear while the server runs, since nothing
 * vacuums.
 */
const permanentFiles = [
  /^(PG_VERSION|postgresql\.conf|pg_hba\.conf|pg_ident\.conf)$/,
  /^(global|base\/\d+)\/(\d+(\.\d+)?|PG_VERSION|pg_filenode\.map)$/,
  /^pg_(xact|multixact\/(members|offsets))\/[0-9A-F]+$/,
];

/** @throws DamagedDatabaseError naming the folder, what is wrong with it, and what to do. Changes nothing. */
export async function assertUndamaged(folder: string): Promise<void> {
  const refuse = (what: string) => new DamagedDatabaseError(folder, what);
  const missing = [];
  for (const name of requiredFolders)
    if (!(await statOrNull(join(folder, name)))?.isDirectory()) missing.push(`${name}/`);
  for (const name of requiredFiles) if (!(await statOrNull(join(folder, name)))?.isFile()) missing.push(name);
  if (missing.length > 0) throw refuse(describeMissing(missing));
  if (!/^\d+\n$/.test(await readFile(join(folder, 'PG_VERSION'), 'latin1'))) throw refuse('PG_VERSION cannot be read');
  const wrong = (await controlFileProblem(folder)) ?? (await manifestProblem(folder));
  if (wrong) throw refuse(wrong);
}

/** Writes the manifest. Call it only when all files are synced: right after a checkpoint or a clean stop. */
export async function writeFileManifest(folder: string): Promise<void> {
  const sizes: Record<string, number> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (entry.isFile() && permanentFiles.some((pattern) => pattern.test(name))) sizes[name] = (await stat(path)).size;
  }
  const temporaryPath = join(folder, `${MANIFEST}.new`);
  const handle = await open(temporaryPath, 'w');
  try {
    await handle.writeFile(JSON.stringify(sizes));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporaryPath, join(folder, MANIFEST));
}

/** Call it before migrations, which may drop files that the manifest names. */
export async function deleteFileManifest(folder: string): Promise<void> {
  await rm(join(folder, MANIFEST), { force: true });
}

async function manifestProblem(folder: string): Promise<string | null> {
  if ((await statOrNull(join(folder, MANIFEST))) === null) return null;
  let sizes: Record<string, number>;
  try {
    sizes = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Record<string, number>;
  } catch {
    return `${MANIFEST} cannot be read`;
  }
  const missing = [];
  for (const [name, size] of Object.entries(sizes)) {
    const found = await statOrNull(join(folder, name));
    if (!found) missing.push(name);
    else if (found.size < size) return `${name} has ${found.size} bytes of at least ${size}`;
  }
  return missing.length > 0 ? describeMissing(missing) : null;
}

/** The layout of pg_control since PostgreSQL 18; other layouts are left for PostgreSQL to check. */
const CONTROL = { version: 1800, bytes: 8192, crcAt: 0x124, checkpointAt: 0x20, redoAt: 0x28, timelineAt: 0x30 };
const SEGMENT = 16 * 1024 * 1024;
const PAGE = 8192;

async function controlFileProblem(folder: string): Promise<string | null> {
  const control = await readFile(join(folder, 'global', 'pg_control'));
  if (control.length !== CONTROL.bytes) return `global/pg_control has ${control.length} bytes of ${CONTROL.bytes}`;
  const version = control.readUInt32LE(8);
  if (version !== CONTROL.version && version > 1000 && version < 10_000) return null;
  if (crc32c(control.subarray(0, CONTROL.crcAt)) !== control.readUInt32LE(CONTROL.crcAt)) {
    return 'the checksum of global/pg_control is wrong';
  }
  const timeline = control.readUInt32LE(CONTROL.timelineAt);
  const [checkpoint, redo] = [CONTROL.checkpointAt, CONTROL.redoAt].map((at) => control.readBigUInt64LE(at)) as [
    bigint,
    bigint,
  ];
  return walProblem(folder, timeline, redo, checkpoint);
}

/** Checks the part of the write-ahead log that a start reads: from where the last checkpoint began to the end. */
async function walProblem(folder: string, timeline: number, redo: bigint, checkpoint: bigint): Promise<string | null> {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
  const segmentName = (n: number) => hex(timeline) + hex(Math.floor(n / 256)) + hex(n % 256);
  const segmentOf = (position: bigint) => Number(position / BigInt(SEGMENT));
  const present = (await readdir(join(folder, 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
  for (const name of present) {
    const size = (await statOrNull(join(folder, 'pg_wal', name)))?.size;
    if (size !== SEGMENT) return `pg_wal/${name} has ${size} bytes of ${SEGMENT}`;
  }
  let last = segmentOf(checkpoint);
  for (const name of present) {
    const n = Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16), 16);
    // A recycled segment that is not in use yet still has the page addresses of its earlier content.
    const inUse = (await addressOfPage(join(folder, 'pg_wal', name), 0)) === BigInt(n) * BigInt(SEGMENT);
    if (inUse && n > last) last = n;
  }
  for (let n = segmentOf(redo); n <= last; n++) {
    if (!present.includes(segmentName(n))) return describeMissing([`pg_wal/${segmentName(n)}`]);
  }
  for (const position of [redo, checkpoint]) {
    const page = position - (position % BigInt(PAGE));
    const name = segmentName(segmentOf(position));
    if ((await addressOfPage(join(folder, 'pg_wal', name), Number(page % BigInt(SEGMENT)))) !== page) {
      return `pg_wal/${name} does not hold the last checkpoint`;
    }
  }
  return null;
}

/** Every page of the log starts with an eight-byte header, followed by the page's own address. */
async function addressOfPage(path: string, offset: number): Promise<bigint> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, offset + 8);
    return buffer.readBigUInt64LE();
  } finally {
    await handle.close();
  }
}

/** PostgreSQL's checksum: CRC-32 with Castagnoli's polynomial, reflected. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function describeMissing(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more are missing` : `missing: ${shown}`;
}

/** The file's stats, or null where nothing exists. */
export async function statOrNull(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}
