/**
 * The backup's file format: a tar archive with readable entries (docs/backup.md).
 *
 *   backup.json            what it is: format, version, schema, tables with their columns
 *   secret                 the key that signs sessions, where the folder had one
 *   files/<sha256>         models and runs
 *   tables/<name>/<n>.ndjson   rows as PostgreSQL writes them as JSON, tables in foreign-key order
 *   manifest.json          every entry's length and SHA-256, and every table's rows; written last
 *   manifest.sha256        of manifest.json
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { extract, type Pack, pack } from 'tar-stream';
import * as z from 'zod';
import { BackupError } from './backup-error';

export const BACKUP_FORMAT = 'rescue-backup';
export const BACKUP_VERSION = 1;

const headerSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.int(),
  createdAt: z.string(),
  /** The newest migration that the database had: its name, and its time, by which it is known. */
  schema: z.object({ name: z.string(), when: z.number() }),
  /** In foreign-key order. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  secret: z.boolean(),
  files: z.int(),
});
export type BackupHeader = z.infer<typeof headerSchema>;

const manifestSchema = z.object({
  rows: z.record(z.string(), z.int()),
  entries: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

const HEADER = 'backup.json';
const MANIFEST = 'manifest.json';
const MANIFEST_SUM = 'manifest.sha256';
const MODE = 0o600;

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** Writes entries one after the other. At most one entry is in memory, and of files only a chunk. */
export class ArchiveWriter {
  private readonly tar: Pack = pack();
  private readonly written: Promise<void>;
  private readonly entries: BackupManifest['entries'] = [];
  private readonly rows: Record<string, number> = {};

  /** @param path must not exist; nobody but its owner may read it: it holds password hashes and the secret */
  constructor(private readonly path: string) {
    this.written = pipeline(this.tar, createWriteStream(path, { flags: 'wx', mode: MODE }));
    // The error surfaces where `written` is awaited next.
    this.written.catch(() => undefined);
  }

  header(header: BackupHeader): Promise<void> {
    for (const { name } of header.tables) this.rows[name] = 0;
    return this.add(HEADER, JSON.stringify(header));
  }

  secret(bytes: Uint8Array): Promise<void> {
    return this.add('secret', bytes);
  }

  async tablePart(table: string, part: number, lines: readonly string[]): Promise<void> {
    this.rows[table] = (this.rows[table] ?? 0) + lines.length;
    await this.add(`tables/${table}/${String(part).padStart(6, '0')}.ndjson`, `${lines.join('\n')}\n`);
  }

  /** @throws BackupError when the file's SHA-256 differs from its name */
  async storedFile(name: string, path: string): Promise<void> {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    const entry = this.tar.entry({ name: `files/${name}`, size, mode: MODE });
    await this.raceWithPipeline(
      pipeline(
        createReadStream(path),
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            hash.update(chunk);
            yield chunk;
          }
        },
        entry,
      ),
    );
    const digest = hash.digest('hex');
    if (digest !== name) {
      throw new BackupError(`The stored file ${name} is damaged: its bytes have the SHA-256 ${digest}.`);
    }
    this.entries.push({ name: `files/${name}`, bytes: size, sha256: digest });
  }

  /** Writes the manifest and syncs. @returns the archive's length in bytes */
  async finish(): Promise<number> {
    const manifest: BackupManifest = { rows: this.rows, entries: this.entries };
    const text = JSON.stringify(manifest);
    await this.add(MANIFEST, text);
    await this.add(MANIFEST_SUM, `${sha256(text)}\n`);
    this.tar.finalize();
    await this.written;
    const file = await open(this.path, 'r');
    try {
      await file.sync();
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  /** Closes an archive that will not be finished. */
  async abort(): Promise<void> {
    this.tar.destroy();
    await this.written.catch(() => undefined);
  }

  private async add(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content);
    this.entries.push({ name, bytes: bytes.length, sha256: sha256(bytes) });
    await this.raceWithPipeline(
      new Promise<void>((done, fail) => {
        this.tar.entry({ name, mode: MODE, size: bytes.length }, bytes, (error) => (error ? fail(error) : done()));
      }),
    );
  }

  /** A full disk fails the pipeline and not the entry, so both are awaited. */
  private async raceWithPipeline(work: Promise<unknown>): Promise<void> {
    work.catch(() => undefined);
    await Promise.race([work, this.written]);
  }
}

export interface ArchiveEntry {
  name: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** The entries in order; each must be read before the next. @throws Error when the file is not a tar or is truncated */
export async function* readEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const tar = extract();
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  source.once('error', (error) => tar.destroy(error));
  source.pipe(tar);
  try {
    for await (const entry of tar) yield { name: entry.header.name, bytes: entry as AsyncIterable<Uint8Array> };
  } finally {
    source.destroy();
  }
}

/**
 * Reads the whole archive and changes nothing.
 * @throws BackupError when the file is not a backup, or has been altered
 */
export async function verifyArchive(path: string): Promise<{ header: BackupHeader; manifest: BackupManifest }> {
  const damaged = (why: string) => new BackupError(`${path}: this backup is damaged: ${why}. Nothing was changed.`);
  const found: BackupManifest['entries'] = [];
  const smallFiles: Record<string, string> = {};
  const rows: Record<string, number> = {};
  try {
    for await (const { name, bytes } of readEntries(path)) {
      if (found.length === 0 && name !== HEADER) throw notABackup(path);
      const isMetadata = name === HEADER || name === MANIFEST || name === MANIFEST_SUM;
      const table = /^tables\/([^/]+)\//.exec(name)?.[1];
      const hash = createHash('sha256');
      let length = 0;
      for await (const chunk of bytes) {
        hash.update(chunk);
        length += chunk.length;
        if (isMetadata) smallFiles[name] = (smallFiles[name] ?? '') + Buffer.from(chunk).toString('latin1');
        if (table) rows[table] = (rows[table] ?? 0) + countLines(chunk);
      }
      found.push({ name, bytes: length, sha256: hash.digest('hex') });
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BackupError(`${path}: there is no such file`);
    if (code === 'EISDIR' || code === 'EACCES') throw new BackupError(`${path}: ${(error as Error).message}`);
    if (found.length === 0) throw notABackup(path);
    throw damaged(`it cannot be read beyond "${found.at(-1)!.name}"`);
  }
  if (found.length === 0) throw notABackup(path);
  const text = (name: string) => Buffer.from(smallFiles[name] ?? '', 'latin1').toString('utf8');
  const [manifestEntry, sumEntry] = found.splice(-2);
  if (manifestEntry?.name !== MANIFEST || sumEntry?.name !== MANIFEST_SUM) throw damaged('its end is missing');
  if (text(MANIFEST_SUM).trim() !== manifestEntry.sha256) throw damaged('its manifest was altered');
  const header = parseJson(headerSchema, text(HEADER));
  const manifest = parseJson(manifestSchema, text(MANIFEST));
  if (!header || !manifest) throw notABackup(path);
  if (header.version > BACKUP_VERSION) {
    throw new BackupError(`${path}: a newer Rescue Studio wrote this backup. Restore it with that version.`);
  }
  for (const [i, { name, bytes, sha256: sum }] of manifest.entries.entries()) {
    const entry = found[i];
    if (entry?.name !== name) throw damaged(`"${name}" is missing`);
    if (entry.bytes !== bytes || entry.sha256 !== sum) throw damaged(`"${name}" was altered`);
  }
  if (found.length > manifest.entries.length) throw damaged('it holds more than its manifest names');
  for (const [table, count] of Object.entries(manifest.rows)) {
    if ((rows[table] ?? 0) !== count) throw damaged(`the table "${table}" has not as many rows as it had`);
  }
  return { header, manifest };
}

const notABackup = (path: string) => new BackupError(`${path}: this is not a backup that "rescue backup" wrote.`);

function parseJson<S extends z.ZodType>(schema: S, text: string): z.infer<S> | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let index = chunk.indexOf(10); index >= 0; index = chunk.indexOf(10, index + 1)) lines++;
  return lines;
}
