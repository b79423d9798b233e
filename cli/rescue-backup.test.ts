/** `rescue backup` and `rescue restore` as processes, killed at any moment. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyArchive } from '@/lib/backup/archive';
import { inspect, installationKinds } from '@/lib/backup/installations.test-support';
import { openInFolder } from '@/lib/db/client';
import { prepareCommandLine, rescue, rescueFile, tempPath } from './rescue-harness';

prepareCommandLine();

/** Ends the command with SIGKILL as soon as `when` holds. @returns whether it was killed before its end */
async function killed(argv: readonly string[], when: () => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [rescueFile, ...argv], { stdio: 'ignore' });
  const gone = new Promise<NodeJS.Signals | null>((done) => child.once('exit', (_, signal) => done(signal)));
  const watch = setInterval(() => when() && child.kill('SIGKILL'), 1);
  const signal = await gone;
  clearInterval(watch);
  return signal === 'SIGKILL';
}

it('leave nothing incomplete after a kill, and succeed when repeated', async () => {
  const source = await installationKinds['the embedded database'](true);
  const out = tempPath('killed.backup');
  const names = () => readdirSync(tempPath());
  let stopped = 0;
  for (const begun of [
    () => existsSync(join(source.dataDir, 'lock')),
    () => names().some((name) => name.startsWith('killed.backup.partial-')),
  ]) {
    if (await killed(['backup', '--out', out, '--data-dir', source.dataDir], begun)) stopped++;
    if (existsSync(out)) await verifyArchive(out);
  }
  expect(stopped).toBeGreaterThan(0);
  const made = existsSync(out) ? null : rescue('backup', '--out', out, '--data-dir', source.dataDir);
  if (made) expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
  expect(names().filter((name) => name.includes('.partial-'))).toEqual([]);
  const whole = await inspect(source);

  const { dataDir } = await installationKinds['the embedded database'](false);
  const moments = ['.restoring', '.restoring/secret', '.restoring/database', 'secret', 'files', 'database'];
  for (const moment of moments) {
    const replace = readdirSync(dataDir).some((name) => ['secret', 'files', 'database'].includes(name));
    const argv = ['restore', '--from', out, '--data-dir', dataDir, ...(replace ? ['--replace'] : [])];
    await killed(argv, () => existsSync(join(dataDir, moment)));
    if (existsSync(join(dataDir, 'database'))) {
      expect(await inspect({ dataDir, databaseUrl: undefined, close: async () => undefined }), moment).toEqual(whole);
    } else if (existsSync(join(dataDir, 'secret')) || existsSync(join(dataDir, 'files'))) {
      await expect(openInFolder(dataDir), moment).rejects.toThrow('It was not opened');
    }
  }
  const last = rescue('restore', '--from', out, '--data-dir', dataDir, '--replace');
  expect({ status: last.status, stderr: last.stderr }).toEqual({ status: 0, stderr: '' });
  expect(await inspect({ dataDir, databaseUrl: undefined, close: async () => undefined })).toEqual(whole);
}, 600_000);

it('report errors in one sentence, with an exit code', async () => {
  const { dataDir } = await installationKinds['the embedded database'](false);
  const cases: [string[], number, string][] = [
    [['backup'], 2, 'rescue backup: --out is missing'],
    [['backup', '--out', tempPath('x.backup'), '--data-dir', dataDir], 1, 'holds no database'],
    [['restore'], 2, 'rescue restore: --from is missing'],
    [['restore', '--from', tempPath('none'), '--data-dir', dataDir], 1, 'there is no such file'],
    [['restore', '--from', tempPath('data.jsonl'), '--data-dir', dataDir], 1, 'this is not a backup'],
    [['restore', '--from', tempPath('data.jsonl'), '--to', 'x'], 2, "Unknown option '--to'"],
  ];
  for (const [argv, code, sentence] of cases) {
    const { status, stderr } = rescue(...argv);
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringContaining(sentence) });
    expect(stderr).not.toContain('    at ');
  }
  expect(rescue('backup', '--help').stdout).toContain('rescue backup --out FILE');
  expect(readdirSync(dataDir)).toEqual([]);
}, 180_000);
