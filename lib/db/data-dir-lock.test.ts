import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataDirLock, type LockHolder, lockDataDir } from './data-dir-lock';

let folder = '';
const locks: DataDirLock[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescue-lock-'));
});
afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function take(silenceMs = 600): Promise<DataDirLock> {
  const lock = await lockDataDir(folder, { silenceMs });
  locks.push(lock);
  return lock;
}
const holder = () => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')) as LockHolder;
const rewrite = (change: Partial<LockHolder>) =>
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...holder(), ...change }));

/** Another process that takes the lock and says so, or prints why it was refused. */
function other(): { child: ChildProcess; said: Promise<string> } {
  const source = `
    import { lockDataDir } from ${JSON.stringify(resolve('lib/db/data-dir-lock.ts'))};
    lockDataDir(process.argv[1], { silenceMs: 600 }).then(() => {
      process.stdout.write('locked\\n');
      setInterval(() => {}, 1000);
    }, (error) => { process.stdout.write(error.message + '\\n'); });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, said: new Promise((done) => child.stdout?.once('data', (chunk: Buffer) => done(String(chunk)))) };
}

describe('the lock of a data directory', () => {
  it('leaves nothing but the lock file while held, and nothing at all after release', async () => {
    const lock = await take();
    expect(readdirSync(folder)).toEqual(['lock']);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    await take();
  });

  it('refuses a second process, naming the first', async () => {
    await take();
    const { pid, since } = holder();
    expect(await other().said).toBe(
      `Another Rescue Studio is using ${folder} (process ${pid}, since ${since}). ` +
        'Stop it, or start this one with a different DATA_DIR.\n',
    );
  });

  it('is taken over from a process that was killed', async () => {
    const first = other();
    expect(await first.said).toBe('locked\n');
    await expect(lockDataDir(folder)).rejects.toThrow(`(process ${first.child.pid}, since `);
    const gone = new Promise((done) => first.child.once('exit', done));
    first.child.kill('SIGKILL');
    await gone;
    await take();
    expect(holder().pid).toBe(process.pid);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is taken over when the pid now belongs to a later process', async () => {
    (await take()).release();
    await take();
    rewrite({ processStart: '1', nonce: 'dead' });
    await take();
    expect(holder().nonce).not.toBe('dead');
  });

  it('is taken over by exactly one of many processes that find it stale', async () => {
    await take();
    rewrite({ processStart: '1', nonce: 'dead' });
    const contenders = [other(), other(), other(), other()];
    const said = await Promise.all(contenders.map((contender) => contender.said));
    expect(said.filter((line) => line === 'locked\n')).toHaveLength(1);
    const winner = contenders[said.indexOf('locked\n')];
    expect(holder().pid).toBe(winner?.child.pid);
  });

  it('stays with a holder on another host while its heartbeat is recent, and is taken over after that', async () => {
    await take();
    rewrite({ place: 'another machine', nonce: 'elsewhere' });
    const path = join(folder, 'lock');
    const heart = setInterval(() => utimesSync(path, new Date(), new Date()), 50);
    await expect(take()).rejects.toThrow('Another Rescue Studio is using');
    clearInterval(heart);
    // Holding it ourselves keeps it beating every two seconds: let go of that without removing the file.
    const copy = readFileSync(path, 'utf8');
    for (const lock of locks.splice(0)) lock.release();
    if (!existsSync(path)) writeFileSync(path, copy);
    await take();
    expect(holder().nonce).not.toBe('elsewhere');
  });

  it('notifies its holder when the file is replaced', async () => {
    let lost = 0;
    const lock = await lockDataDir(folder, { onLost: () => lost++ });
    locks.push(lock);
    rmSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock'), '{}');
    await expect.poll(() => lost, { timeout: 10_000 }).toBe(1);
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });

  it('reports a file that is not a lock instead of replacing it', async () => {
    writeFileSync(join(folder, 'lock'), '');
    await expect(lockDataDir(folder)).rejects.toThrow('cannot be read as a lock');
  });
});
