/** Installations (a database and a data directory) for tests of backups, and hashes of their content. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '@/lib/db/client';
import { seedLargeProject } from '@/lib/db/large-project.test-support';
import { migratePGlite } from '@/lib/db/migrate';
import { openEmbedded } from '@/lib/db/pglite';
import { emptyPostgres } from '@/lib/db/testing';
import { type Queries, quoted, tablesInOrder } from './catalog';
import { openBackupSource } from './open-backup-source';
import { restoreBackup } from './restore-backup';
import { writeBackup } from './write-backup';

/** A temporary folder of this test file, deleted at its end. */
export let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

export const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Table -> number and hash of its rows, in sorted order. */
export async function tableHashes(db: Queries): Promise<Record<string, string>> {
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

export async function fileHashes(dataDir: string): Promise<Record<string, string>> {
  const names = (await readdir(join(dataDir, 'files')).catch(() => [])).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    await Promise.all(names.sort().map(async (name) => [name, sha256(await readFile(join(dataDir, 'files', name)))])),
  );
}

const awkwardTexts = 'Quotes " and \\ and \u2028, a tab\t, lines\r\n, 漢字 🙂 \u0001, {"json": 1e400}';

/** Seeds rows with values that are hard to transfer, two files that rows refer to, and a secret. */
export async function seed(db: Database, dataDir: string): Promise<void> {
  const { projectId, runId } = await seedLargeProject(db, 60, { words: 5 });
  await db.execute(sql`update projects set description = ${awkwardTexts} where id = ${projectId}`);
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

export interface Installation {
  dataDir: string;
  databaseUrl: string | undefined;
  close(): Promise<void>;
}

export const newFolder = async () => {
  const dataDir = join(folder, randomUUID());
  await mkdir(dataDir);
  return dataDir;
};

export const installationKinds = {
  async 'the embedded database'(filled: boolean): Promise<Installation> {
    const dataDir = await newFolder();
    if (filled) {
      const { client } = await openEmbedded(join(dataDir, 'database'));
      await migratePGlite(client);
      await seed(drizzlePGlite(client) as unknown as Database, dataDir);
      await client.close();
    }
    return { dataDir, databaseUrl: undefined, close: async () => undefined };
  },
  async PostgreSQL(filled: boolean): Promise<Installation> {
    const dataDir = await newFolder();
    const { db, migrate, url, close } = await emptyPostgres();
    if (filled) {
      await migrate();
      await seed(db, dataDir);
    }
    return { dataDir, databaseUrl: url, close };
  },
};
export type InstallationKind = keyof typeof installationKinds;
export const kindNames = Object.keys(installationKinds) as InstallationKind[];

export async function inspect({ dataDir, databaseUrl }: Installation) {
  const rows = await open(dataDir, databaseUrl, tableHashes);
  const secret = await readFile(join(dataDir, 'secret'), 'utf8').catch(() => null);
  return { rows, files: await fileHashes(dataDir), secret };
}

export async function open<T>(
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

export async function backUp(place: Installation, out = join(folder, `${randomUUID()}.backup`)) {
  const source = await openBackupSource(place.dataDir, place.databaseUrl);
  try {
    return { out, result: await writeBackup(source, out) };
  } finally {
    await source.close();
  }
}

export const restore = (from: string, { dataDir, databaseUrl }: Installation, replace = false) =>
  restoreBackup({ from, dataDir, replace, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
