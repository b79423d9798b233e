/** Round trips in all four directions, and what is refused; the rows and files are compared by their hashes. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { seedLargeProject } from '@/lib/db/large-project.test-support';
import { migratePGlite } from '@/lib/db/migrate';
import { openEmbedded } from '@/lib/db/pglite';
import { emptyPostgres } from '@/lib/db/testing';
import { verifyArchive } from './archive';
import { type Queries, quoted, tablesInOrder } from './catalog';
import { openDoor } from './door';
import { openSource } from './open-source';
import { restoreBackup } from './restore-backup';
import { writeBackup } from './write-backup';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Table -> the hash of its rows in an order of their own. */
async function hashes(db: Queries): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of await tablesInOrder(db)) {
    const { rows } = await db.query<{ line: string }>(`select row_to_json(t)::text as line from ${quoted(name)} t`);
    found[name] = `${rows.length} ${sha256(
      rows
        .map(({ line }) => line)
        .sort()
        .join('\n'),
    )}`;
  }
  return found;
}

async function filesOf(dataDir: string): Promise<Record<string, string>> {
  const names = (await readdir(join(dataDir, 'files')).catch(() => [])).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    await Promise.all(names.sort().map(async (name) => [name, sha256(await readFile(join(dataDir, 'files', name)))])),
  );
}

const awkward = 'Quotes " and \\ and \u2028, a tab\t, lines\r\n, 漢字 🙂 \u0001, {"json": 1e400}';

/** Rows of every kind that is hard to carry, and two files that rows refer to, one that is under way, and one nobody knows. */
async function fill(db: Database, dataDir: string): Promise<void> {
  const { projectId, runId } = await seedLargeProject(db, 60, { words: 5 });
  await db.execute(sql`update projects set description = ${awkward} where id = ${projectId}`);
  await db.execute(sql`insert into run_metrics (run_id, step, epoch, loss, grad_norm, elapsed_ms)
    values (${runId}, 1, 0.1, 'NaN', 'Infinity', 1e-320), (${runId}, 2, 0.30000000000000004, null, -0.0, 1e308)`);
  await db.execute(sql`update projects set updated_at = '2024-02-29 23:59:59.123456+05:30' where id = ${projectId}`);
  await db.execute(sql`update models set parameters = 9007199254740993`);
  await mkdir(join(dataDir, 'files'), { recursive: true });
  for (const bytes of [randomBytes(300_000), Buffer.alloc(0)]) {
    await writeFile(join(dataDir, 'files', sha256(bytes)), bytes);
    await db.execute(sql`insert into run_files (run_id, name, sha256, bytes)
      values (${runId}, ${`file-${bytes.length}`}, ${sha256(bytes)}, ${bytes.length})`);
  }
  await writeFile(join(dataDir, 'secret'), `${randomUUID()}${randomUUID()}\n`, { mode: 0o600 });
}

interface Place {
  dataDir: string;
  databaseUrl: string | undefined;
  close(): Promise<void>;
}

const newFolder = async () => {
  const dataDir = join(folder, randomUUID());
  await mkdir(dataDir);
  return dataDir;
};

const kinds = {
  async 'the embedded database'(filled: boolean): Promise<Place> {
    const dataDir = await newFolder();
    if (filled) {
      const { client } = await openEmbedded(join(dataDir, 'database'));
      await migratePGlite(client);
      await fill(drizzlePGlite(client) as unknown as Database, dataDir);
      await client.close();
    }
    return { dataDir, databaseUrl: undefined, close: async () => undefined };
  },
  async PostgreSQL(filled: boolean): Promise<Place> {
    const dataDir = await newFolder();
    const { db, migrate, url, close } = await emptyPostgres();
    if (filled) {
      await migrate();
      await fill(db, dataDir);
    }
    return { dataDir, databaseUrl: url, close };
  },
};
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

async function look({ dataDir, databaseUrl }: Place) {
  const rows = await open(dataDir, databaseUrl, hashes);
  const secret = await readFile(join(dataDir, 'secret'), 'utf8').catch(() => null);
  return { rows, files: await filesOf(dataDir), secret };
}

async function open<T>(
  dataDir: string,
  databaseUrl: string | undefined,
  task: (db: Queries) => Promise<T>,
): Promise<T> {
  if (databaseUrl === undefined) {
    const { client } = await openEmbedded(join(dataDir, 'database'));
    return task(client).finally(() => client.close());
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return task(client).finally(() => client.end());
}

async function backUp(place: Place, out = join(folder, `${randomUUID()}.backup`)) {
  const source = await openSource(place.dataDir, place.databaseUrl);
  try {
    return { out, result: await writeBackup(source, out) };
  } finally {
    await source.close();
  }
}

const restore = (from: string, { dataDir, databaseUrl }: Place, replace = false) =>
  restoreBackup({ from, dataDir, replace, ...(databaseUrl === undefined ? {} : { databaseUrl }) });

describe.each(kindNames)('a backup of %s', (kind) => {
  let source: Place;
  let out: string;
  beforeAll(async () => {
    source = await kinds[kind](true);
    await writeFile(join(source.dataDir, 'files', '.partial-1'), 'under way');
    ({ out } = await backUp(source));
  });
  afterAll(() => source?.close());

  it.each(kindNames)('restored into %s has every row, every file and the secret', async (to) => {
    const target = await kinds[to](false);
    try {
      const before = await look(source);
      expect(Number(before.rows.placements?.split(' ')[0])).toBeGreaterThan(400);
      await restore(out, target);
      expect(await look(target)).toEqual(before);
      expect((await readdir(target.dataDir)).filter((name) => !['database', 'files', 'secret'].includes(name))).toEqual(
        [],
      );
      // What triggers keep goes on being kept.
      const [{ n }] = (await open(
        target.dataDir,
        target.databaseUrl,
        async (db) =>
          (
            await db.query<{ n: string }>(
              `select count(*)::text as n from pg_trigger where not tgisinternal and tgenabled <> 'O'`,
            )
          ).rows,
      )) as [{ n: string }];
      expect(n).toBe('0');
      await expect(restore(out, target)).rejects.toThrow(/not empty|this one is not/);
      expect(await look(target)).toEqual(before);
    } finally {
      await target.close();
    }
  });

  it('can be read by its owner alone, and never takes the place of a file', async () => {
    expect((await stat(out)).mode & 0o077).toBe(0);
    const bytes = await readFile(out);
    await expect(backUp(source, out)).rejects.toThrow('is there already');
    expect(await readFile(out)).toEqual(bytes);
    expect((await readdir(folder)).filter((name) => name.includes('.partial-'))).toEqual([]);
  });
});

describe('a backup that is not as it was written', () => {
  let out: string;
  let original: Buffer;
  beforeAll(async () => {
    const source = await kinds['the embedded database'](true);
    ({ out } = await backUp(source));
    original = await readFile(out);
  });

  async function refusedWith(bytes: Uint8Array, target?: Place) {
    const path = join(folder, `${randomUUID()}.backup`);
    await writeFile(path, bytes);
    const place = target ?? {
      dataDir: join(folder, randomUUID()),
      databaseUrl: undefined,
      close: async () => undefined,
    };
    const error = await restore(path, place).then(
      () => null,
      (thrown: Error) => thrown,
    );
    // Nothing was made: not even the folder.
    if (!target) await expect(stat(place.dataDir)).rejects.toThrow('ENOENT');
    return error;
  }

  it('is refused wherever it ends', async () => {
    for (let i = 0; i < 24; i++) {
      const error = await refusedWith(original.subarray(0, Math.floor((original.length * i) / 24)));
      expect(error?.name, `${i} of 24 parts`).toBe('BackupError');
    }
  });

  it('is refused wherever a byte of its content is another', async () => {
    const { manifest } = await verifyArchive(out);
    for (const { name, bytes } of manifest.entries.filter((entry) => entry.bytes > 0)) {
      const header = original.indexOf(`${name}\0`);
      const altered = Buffer.from(original);
      altered[header + 512 + (bytes >> 1)]! ^= 1;
      expect((await refusedWith(altered))?.name, name).toBe('BackupError');
    }
  });

  it('is refused with its manifest rewritten, as another file, or with a schema of tomorrow', async () => {
    const rewritten = Buffer.from(original);
    rewritten[original.lastIndexOf('"entries"') + 20]! ^= 1;
    expect((await refusedWith(rewritten))?.message).toContain('damaged');
    expect((await refusedWith(randomBytes(5000)))?.message).toContain('not a backup');
    expect((await refusedWith(Buffer.from('{"id": 1}\n')))?.message).toContain('not a backup');
    await expect(restore(join(folder, 'none'), { dataDir: folder } as Place)).rejects.toThrow('there is no such file');
  });

  it('leaves what is in the folder alone, and with --replace keeps it', async () => {
    const target = await kinds['the embedded database'](true);
    const before = await look(target);
    await truncate(join(target.dataDir, 'secret'), 40);
    await refusedWith(original.subarray(0, original.length - 2000), target);
    await expect(restore(out, target)).rejects.toThrow('--replace');
    const { kept } = await restore(out, target, true);
    expect((await look(target)).rows).not.toEqual(before.rows);
    expect(await open(kept!, undefined, hashes)).toEqual(before.rows);
    expect(await filesOf(kept!)).toEqual(before.files);
  });
});

it('is refused when a stored file is gone or has other bytes, with its name', async () => {
  const source = await kinds['the embedded database'](true);
  const [name] = Object.keys(await filesOf(source.dataDir)) as [string];
  const path = join(source.dataDir, 'files', name);
  await writeFile(path, 'other bytes');
  await expect(backUp(source)).rejects.toThrow(name);
  await rm(path);
  await expect(backUp(source)).rejects.toThrow(name);
});
