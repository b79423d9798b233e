/** `rescue export` as a process, on the embedded database. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditEntries } from '@/drizzle/schema';
import { openInFolder } from '@/lib/db/client';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { importPrompts } from '@/lib/services/import-prompts';
import { annotate, projectWithPeople, promptFile } from '@/lib/services/people.test-support';
import { prepareCommandLine, rescueFile, tempPath } from './rescue-harness';

prepareCommandLine();

const dataDir = tempPath('data');
const run = (...argv: string[]) =>
  spawnSync(process.execPath, [rescueFile, 'export', ...argv], {
    encoding: 'utf8',
    cwd: tempPath(),
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir },
  });

let hash = '';
beforeAll(async () => {
  mkdirSync(dataDir);
  const { db, close } = await openInFolder(dataDir);
  const { projectId, researcher, annotator } = await projectWithPeople(db);
  await importPrompts(researcher, db, projectId, promptFile(3));
  await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 1 });
  const first = await createSnapshot(researcher, db, projectId, { name: 'Mine', strategy: 'annotations' });
  await createSnapshot(researcher, db, projectId, { name: 'Twice', strategy: 'hybrid' });
  await createSnapshot(researcher, db, projectId, { name: 'Twice', strategy: 'human' });
  hash = first.snapshot.hash;
  await close();
}, 120_000);

describe('rescue export', { timeout: 180_000 }, () => {
  it('writes a folder with the rows and a README, and tells the audit log', async () => {
    const { status, stdout, stderr } = run('--snapshot', 'Mine', '--format', 'trl-explicit', '--out', 'folder');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ snapshot: 'Mine', hash, out: 'folder' });
    expect(readdirSync(tempPath('folder')).sort()).toEqual(['README.md', 'train.jsonl']);
    const rows = readFileSync(tempPath('folder', 'train.jsonl'), 'utf8').trimEnd().split('\n');
    expect(rows.map((row) => Object.keys(JSON.parse(row)))).toEqual(
      Array(2).fill(['prompt', 'chosen', 'rejected', 'margin']),
    );
    expect(readFileSync(tempPath('folder', 'README.md'), 'utf8')).toContain(hash);
    const { db, close } = await openInFolder(dataDir);
    const told = (await db.select().from(auditEntries)).filter(({ kind }) => kind === 'export');
    expect(told.at(-1)).toMatchObject({ actorId: null, details: { what: 'trl-explicit', snapshot: 'Mine' } });
    await close();
  });

  it('finds a snapshot by the beginning of its hash, and writes Parquet into an archive', () => {
    const { status, stderr } = run('--snapshot', hash.slice(0, 10), '--format', 'parquet', '--out', 'mine.zip');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(tempPath('mine.zip')).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  });

  it('lists the snapshots', () => {
    const { status, stdout } = run('--list');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stdout).toContain(hash.slice(0, 12));
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'a snapshot that there is not',
      ['--snapshot', 'No', '--format', 'csv', '--out', 'x'],
      1,
      /there is no snapshot "No"/,
    ],
    ['a name that several have', ['--snapshot', 'Twice', '--format', 'csv', '--out', 'x'], 1, /several snapshots/],
    [
      'a format that there is not',
      ['--snapshot', 'Mine', '--format', 'toml', '--out', 'x'],
      2,
      /--format is "toml": it may be trl-/,
    ],
    [
      'a column that there is not',
      ['--snapshot', 'Mine', '--format', 'csv', '--columns', 'a', '--out', 'x'],
      2,
      /--columns is "a"/,
    ],
    [
      'a column that the format has not',
      ['--snapshot', 'Mine', '--format', 'rrhf', '--columns', 'margin', '--out', 'x'],
      2,
      /has no column "margin"/,
    ],
    ['a folder that is there', ['--snapshot', 'Mine', '--format', 'csv', '--out', 'data'], 1, /exists already/],
    ['nothing', [], 2, /--format is missing/],
  ])('refuses %s in words, and writes nothing', (_, argv, code, words) => {
    const { status, stderr } = run(...argv);
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringMatching(words) });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(tempPath('x'))).toBe(false);
  });
});
