/** Round trips in all four directions, and what is refused; the rows and files are compared by their hashes. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyArchive } from './archive';
import {
  backUp,
  fileHashes,
  folder,
  type Installation,
  inspect,
  installationKinds,
  kindNames,
  open,
  restore,
  tableHashes,
} from './installations.test-support';

describe.each(kindNames)('a backup of %s', (kind) => {
  let source: Installation;
  let out: string;
  beforeAll(async () => {
    source = await installationKinds[kind](true);
    await writeFile(join(source.dataDir, 'files', '.partial-1'), 'under way');
    ({ out } = await backUp(source));
  });
  afterAll(() => source?.close());

  it.each(kindNames)('restored into %s has every row, every file and the secret', async (to) => {
    const target = await installationKinds[to](false);
    try {
      const before = await inspect(source);
      expect(Number(before.rows.placements?.split(' ')[0])).toBeGreaterThan(400);
      await restore(out, target);
      expect(await inspect(target)).toEqual(before);
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
      expect(await inspect(target)).toEqual(before);
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
    const source = await installationKinds['the embedded database'](true);
    ({ out } = await backUp(source));
    original = await readFile(out);
  });

  async function refusedWith(bytes: Uint8Array, target?: Installation) {
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

  it('is refused when it is truncated at any byte', async () => {
    for (let i = 0; i < 24; i++) {
      const error = await refusedWith(original.subarray(0, Math.floor((original.length * i) / 24)));
      expect(error?.name, `${i} of 24 parts`).toBe('BackupError');
    }
  });

  it('is refused when any byte of its content is changed', async () => {
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
    await expect(restore(join(folder, 'none'), { dataDir: folder } as Installation)).rejects.toThrow(
      'there is no such file',
    );
  });

  it('leaves existing data alone, and with --replace moves it aside', async () => {
    const target = await installationKinds['the embedded database'](true);
    const before = await inspect(target);
    await truncate(join(target.dataDir, 'secret'), 40);
    await refusedWith(original.subarray(0, original.length - 2000), target);
    await expect(restore(out, target)).rejects.toThrow('--replace');
    const { kept } = await restore(out, target, true);
    expect((await inspect(target)).rows).not.toEqual(before.rows);
    expect(await open(kept!, undefined, tableHashes)).toEqual(before.rows);
    expect(await fileHashes(kept!)).toEqual(before.files);
  }, 180_000);
});

it('is refused when a stored file is gone or has other bytes, with its name', async () => {
  const source = await installationKinds['the embedded database'](true);
  const [name] = Object.keys(await fileHashes(source.dataDir)) as [string];
  const path = join(source.dataDir, 'files', name);
  await writeFile(path, 'other bytes');
  await expect(backUp(source)).rejects.toThrow(name);
  await rm(path);
  await expect(backUp(source)).rejects.toThrow(name);
});
