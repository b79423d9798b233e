/** A real database in a folder, damaged in every way that a copy, a disk or a hand can damage it. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '@/drizzle/schema';
import { openInFolder } from './client';
import { assertUndamaged } from './embedded-files';

let root = '';
/** Stopped cleanly, and as a kill left it: rows in the log that no checkpoint has written yet. */
const sources = { stopped: '', killed: '' };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rescue-damage-'));
  const running = join(root, 'running');
  const { db, close } = await openInFolder(running);
  await db.insert(users).values({ id: 'a', name: 'A', email: 'a@example.org', role: 'admin' });
  sources.killed = join(root, 'killed');
  cpSync(running, sources.killed, { recursive: true });
  rmSync(join(sources.killed, 'lock'));
  await close();
  sources.stopped = running;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let copies = 0;
/** A copy of a data directory, to damage. */
function copyOf(source: keyof typeof sources): { folder: string; database: string } {
  const folder = join(root, `copy-${++copies}`);
  cpSync(sources[source], folder, { recursive: true });
  return { folder, database: join(folder, 'database') };
}

const entriesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    entry,
    path: join(entry.parentPath, entry.name),
  }));

/** Names, sizes and times of everything: what any write changes. */
const stamps = (folder: string) =>
  entriesOf(folder).map(({ path }) => `${relative(folder, path)} ${statSync(path).size} ${statSync(path).mtimeMs}`);

/** Every file with its bytes. */
function contents(folder: string): string {
  const hash = createHash('sha256');
  const files = entriesOf(folder).filter(({ entry }) => entry.isFile());
  for (const { path } of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${relative(folder, path)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Sees a damaged data directory refused by name with what to do, and left as it was. @returns the sentence */
async function expectRefused(folder: string, open: () => Promise<unknown>): Promise<string> {
  const before = stamps(folder);
  const refusal = await open().then(
    () => null,
    (error: Error) => error,
  );
  expect(refusal?.name, refusal?.message).toBe('DamagedDatabaseError');
  expect(refusal?.message).toContain(join(folder, 'database'));
  expect(refusal?.message).toContain('Restore a backup');
  expect(stamps(folder)).toEqual(before);
  return refusal?.message ?? '';
}

describe.each(['stopped', 'killed'] as const)('a database that was %s', (source) => {
  it('is refused without, or with a shortened, file of any kind that holds its rows, and without any folder', async () => {
    const { folder, database } = copyOf(source);
    const aside = join(root, 'aside');
    const before = contents(folder);
    const refused = () => expectRefused(folder, () => assertUndamaged(database));
    const biggest = (inside: string) =>
      readdirSync(join(database, inside))
        .filter((name) => /^\d+$/.test(name))
        .sort((a, b) => statSync(join(database, inside, b)).size - statSync(join(database, inside, a)).size)[0];
    const base = `base/${readdirSync(join(database, 'base')).at(-1)}`;
    const names = [
      ...['PG_VERSION', 'postgresql.conf', 'pg_hba.conf', 'pg_ident.conf', 'global/pg_control'],
      ...['global/pg_filenode.map', `global/${biggest('global')}`],
      ...[`${base}/PG_VERSION`, `${base}/pg_filenode.map`, `${base}/${biggest(base)}`, `${base}/1259`],
      ...['pg_xact/0000', 'pg_multixact/offsets/0000', 'pg_multixact/members/0000'],
      ...readdirSync(join(database, 'pg_wal'))
        .filter((name) => /^[0-9A-F]{24}$/.test(name))
        .map((name) => `pg_wal/${name}`),
    ];
    for (const name of names) {
      const path = join(database, name);
      renameSync(path, aside);
      expect(await refused(), name).toContain(name);
      for (const share of [0, 0.5]) {
        writeFileSync(path, readFileSync(aside).subarray(0, Math.floor(statSync(aside).size * share)));
        expect(await refused(), `${name} shortened to ${share}`).toContain(name);
      }
      renameSync(aside, path);
    }
    const folders = entriesOf(database)
      .filter(({ entry }) => entry.isDirectory())
      // The server makes these two again.
      .filter(({ path }) => !/pg_wal.(archive_status|summaries)$/.test(path));
    expect(folders.length).toBeGreaterThan(20);
    for (const { path } of folders) {
      renameSync(path, aside);
      await refused();
      renameSync(aside, path);
    }
    // The control: nothing but the damage was refused.
    expect(contents(folder)).toBe(before);
    await assertUndamaged(database);
    const { db, close } = await openInFolder(folder);
    expect(await db.select({ id: users.id }).from(users)).toEqual([{ id: 'a' }]);
    await close();
    rmSync(folder, { recursive: true });
  }, 300_000);

  it('is refused with a flipped bit in its control file, a log of zeros, or nothing but other files', async () => {
    const damages: ((database: string) => void)[] = [
      (database) => {
        const bytes = readFileSync(join(database, 'global/pg_control'));
        bytes[100]! ^= 1;
        writeFileSync(join(database, 'global/pg_control'), bytes);
      },
      (database) => {
        for (const { entry, path } of entriesOf(join(database, 'pg_wal'))) {
          if (entry.isFile()) writeFileSync(path, Buffer.alloc(statSync(path).size));
        }
      },
      (database) => rmSync(join(database, 'PG_VERSION')),
      (database) => {
        rmSync(database, { recursive: true });
        mkdirSync(database);
      },
      (database) => {
        rmSync(database, { recursive: true });
        mkdirSync(database);
        writeFileSync(join(database, 'a note.txt'), 'not a database');
      },
      (database) => {
        rmSync(database, { recursive: true });
        writeFileSync(database, 'a file where the folder should be');
      },
    ];
    for (const damage of damages) {
      const { folder, database } = copyOf(source);
      damage(database);
      const before = contents(folder);
      await expectRefused(folder, () => openInFolder(folder));
      expect(contents(folder)).toBe(before);
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
});

it('is refused when it is gone while the secret or stored files are there, and made where there is nothing', async () => {
  for (const name of ['secret', 'files']) {
    const folder = join(root, `without-${name}`);
    mkdirSync(join(folder, 'files'), { recursive: true });
    if (name === 'secret') {
      rmSync(join(folder, 'files'), { recursive: true });
      writeFileSync(join(folder, 'secret'), 'x'.repeat(40));
    }
    expect(await expectRefused(folder, () => openInFolder(folder))).toContain('DATABASE_URL');
  }
  const empty = join(root, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'a note.txt'), 'somebody else’s');
  const { close } = await openInFolder(empty);
  await close();
  expect(existsSync(join(empty, 'database/PG_VERSION'))).toBe(true);
});

// The control: what PGlite does with a folder that lacks one small file, when nobody looks first.
it('would be overwritten by PGlite itself', async () => {
  const { folder, database } = copyOf('stopped');
  rmSync(join(database, 'PG_VERSION'));
  await expect(assertUndamaged(database)).rejects.toThrow('PG_VERSION');
  const before = contents(folder);
  await PGlite.create({ fs: new NodeFS(database) }).then(
    (client) => client.close(),
    () => undefined,
  );
  expect(contents(folder)).not.toBe(before);
});

it('of an older Rescue Studio without a file manifest still opens', async () => {
  const { folder, database } = copyOf('stopped');
  rmSync(join(database, 'rescue-files.json'));
  const { close } = await openInFolder(folder);
  await close();
  expect(existsSync(join(database, 'rescue-files.json'))).toBe(true);
});
