/** A backup is taken while people use the server, and what comes back is what they had. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { expectedOf, judge, newProject, saveStatus, signIn, startWorkplace, stored } from '../annotating';
import { startServer } from '../server';

const execute = promisify(execFile);
const rescue = async (...args: string[]) => JSON.parse((await execute('node', ['cli/rescue.mjs', ...args])).stdout);

test('a backup of the running server, restored, signs the same people in to the same work', async ({
  browser,
  context,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-backup-'));
  const server = await startWorkplace();
  try {
    const work = await newProject(server, 5);
    await signIn(context, work);
    const page = await context.newPage();
    await page.goto(work.board);
    for (const n of [0, 1, 2]) await judge(page, n);
    await expect(saveStatus(page)).toHaveText('Saved');
    const file = join(folder, 'studio.tar');
    const [made] = await Promise.all([rescue('backup', '--out', file, '--data-dir', server.dataDir), judge(page, 3)]);
    expect(made).toMatchObject({ out: file, secret: true });
    // The server went on, and what came after the backup is not in it.
    await judge(page, 4);
    await expect(saveStatus(page)).toHaveText('Saved');
    expect(await stored(work)).toEqual(expectedOf(0, 5));
    await expect(rescue('restore', '--from', file, '--data-dir', server.dataDir, '--replace')).rejects.toThrow(
      /is using/,
    );

    const restored = join(folder, 'restored');
    await rescue('restore', '--from', file, '--data-dir', restored);
    const second = await startServer({ dataDir: restored });
    try {
      expect(second.setupUrl).toBe('');
      const there = { ...work, server: second, board: work.board.replace(server.url, second.url) };
      // The session of the first server holds: its secret is in the backup.
      const elsewhere = await browser.newContext();
      await signIn(elsewhere, there);
      const answer = await elsewhere.request.get(`${second.url}/api${work.project}/annotations/mine`);
      expect(answer.status(), await answer.text()).toBe(200);
      const { annotations } = (await answer.json()) as { annotations: unknown[] };
      expect([3, 4]).toContain(annotations.length);
      await elsewhere.close();
    } finally {
      await second.stop();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
