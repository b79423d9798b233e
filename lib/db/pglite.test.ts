import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assertDurable, durableStartParams, type EmbeddedDatabase, openEmbedded, SyncedNodeFS } from './pglite';

let root = '';
let folder = '';
const opened: PGlite[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rescue-pglite-'));
  folder = join(root, 'database');
  mkdirSync(join(root, '.creating-1'));
  writeFileSync(join(root, '.creating-1', 'half'), 'left by a start that died');
  const { client } = await openEmbedded(folder);
  await client.query('create table t (n integer)');
  await client.close();
});
afterEach(async () => {
  for (const client of opened.splice(0)) if (!client.closed) await client.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(fileSystem: SyncedNodeFS, startParams?: string[]): Promise<EmbeddedDatabase> {
  const client = await PGlite.create({ fs: fileSystem, startParams });
  opened.push(client);
  return { client, fileSystem };
}

describe('the embedded database', () => {
  it('is created in a temporary folder and renamed: no incomplete folder remains', () => {
    expect(existsSync(join(folder, 'PG_VERSION'))).toBe(true);
    expect(readdirSync(root)).toEqual(['database']);
  });

  it('syncs every committed insert to disk', async () => {
    const { client, fileSystem } = await openEmbedded(folder);
    opened.push(client);
    for (let n = 0; n < 5; n++) {
      const before = fileSystem.syncs;
      await client.query('insert into t values ($1)', [n]);
      expect(fileSystem.syncs).toBeGreaterThan(before);
    }
    const before = fileSystem.syncs;
    await client.query('select * from t');
    expect(fileSystem.syncs).toBe(before);
  });

  // The control of the test above: what proves the syncing must fail when the syncing is gone.
  it('is refused without the fsync hook', async () => {
    class Unhooked extends SyncedNodeFS {
      protected override hook(): void {}
    }
    const database = await open(new Unhooked(folder), durableStartParams(PGlite.defaultStartParams));
    await database.client.query('insert into t values (99)');
    expect(database.fileSystem.syncs).toBe(0);
    await expect(assertDurable(database)).rejects.toThrow('a commit was not synced');
  });

  it('is refused with the start parameters that PGlite comes with', async () => {
    const database = await open(new SyncedNodeFS(folder), PGlite.defaultStartParams);
    await expect(assertDurable(database)).rejects.toThrow('fsync is off');
  });

  it('is refused when PGlite has no NODEFS to hook, an fsync of its own, or no -F', () => {
    class Exposed extends SyncedNodeFS {
      attach(module: object) {
        this.hook(module);
      }
    }
    const fileSystem = new Exposed(folder);
    const operations = { write: () => 0 };
    expect(() => fileSystem.attach({})).toThrow('does not fit');
    expect(() =>
      fileSystem.attach({ NODEFS: { stream_ops: { ...operations, fsync: () => 0 }, realPath: () => '' } }),
    ).toThrow('fsync of its own');
    expect(() => durableStartParams(['--single'])).toThrow('no -F');
  });

  it('reports a failed sync to PostgreSQL instead of acknowledging it', () => {
    class Exposed extends SyncedNodeFS {
      attach(module: object) {
        this.hook(module);
      }
    }
    const fileSystem = new Exposed(folder);
    const operations: { write: () => number; fsync?: (stream: object) => number } = { write: () => 0 };
    fileSystem.attach({ NODEFS: { stream_ops: operations, realPath: () => '' } });
    expect(operations.fsync?.({ nfd: 999_999, node: null })).toBe(29);
    expect(fileSystem.syncs).toBe(0);
  });
});
