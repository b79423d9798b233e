/**
 * The main job, once, on a fresh data folder: setup → demo → annotate → snapshot → train → re-rank → export,
 * then the server is killed with SIGKILL and all of it must still be there.
 */

import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Download, expect, type Locator, type Page, test } from '@playwright/test';
import { draggable } from '../board-project';
import { PASSWORD } from '../people';
import { startServer, type TestServer } from '../server';
import { stillBox } from '../still-box';

// Tall enough for all tiers.
test.use({ viewport: { width: 1280, height: 1000 } });

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ fromNothing: true });
});
test.afterAll(async () => {
  await server?.stop();
});

test('from an empty data folder to a re-ranked project that survives SIGKILL', async ({ page }) => {
  test.setTimeout(600_000);
  await test.step('setup and demo', async () => {
    await page.goto(server.setupUrl);
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await page.getByRole('button', { name: 'Load the demo' }).click();
    await expect(page.getByRole('heading', { level: 1, name: /premise and hypothesis/i })).toBeVisible();
  });

  await test.step('annotate six prompts: three by keyboard, three by dragging', async () => {
    await page.getByRole('link', { name: 'Annotate', exact: true }).first().click();
    for (let prompt = 0; prompt < 3; prompt++) await annotateByKeyboard(page);
    for (let prompt = 0; prompt < 3; prompt++) await annotateByDragging(page);
    await expect(page.getByText('6 of 54', { exact: true })).toBeVisible();
    await expect(page.getByRole('status', { name: 'Save status' })).toHaveText('Saved');
    await page.getByRole('link', { name: 'Leave the board' }).click();
  });

  await test.step('snapshot: the six tiers, and the hybrid order for the rest', async () => {
    await page.getByRole('link', { name: 'Snapshots' }).click();
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Fill up: human, then right label/ }).check();
    await dialog.getByRole('button', { name: 'Create snapshot' }).click();
    const card = page.getByRole('region', { name: 'Snapshot 1' });
    await expect(card).toContainText('Prompts54');
    await expect(card).toContainText('Annotations6');
  });

  const held = await test.step('train in a worker of this page', async () => {
    await page.getByRole('link', { name: /Train on this/ }).click();
    await page.getByLabel('Epochs').fill('2');
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByRole('button', { name: 'Stop training' })).toBeVisible();
    // Workers of a worker, under the page's own rules.
    const threads = Math.min(availableParallelism(), 8);
    await expect(page.getByText(threads > 1 ? `SIMD, ${threads} threads)` : 'SIMD, 1 thread)')).toBeVisible();
    await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 300_000 });
    return { before: await heldOut(page, 'before'), after: await heldOut(page, 'after') };
  });
  for (const text of Object.values(held)) expect(text).toMatch(/^\d+(\.\d+)?\s?%/);
  const runUrl = page.url();

  await test.step('a reload shows the run', async () => {
    await page.reload();
    expect(await heldOut(page, 'after')).toBe(held.after);
  });

  await test.step('re-rank', async () => {
    await page.getByRole('tab', { name: 'Re-rank' }).click();
    await expect(page.getByText('54 prompts', { exact: true })).toBeVisible();
    const table = page.getByRole('table').first();
    await expect(table.getByRole('columnheader', { name: 'Score after' })).toBeVisible();
    await expect(table.getByRole('row').nth(1)).toContainText(/-\d+\.\d{3}/);
  });

  const exported = await test.step('export', async () => {
    await page.getByRole('link', { name: 'Snapshots' }).click();
    const bundle = await download(page, 'Snapshot (lossless)');
    return {
      pairs: await linesOf(await download(page, 'Preference pairs (TRL JSONL)')),
      bundle: await linesOf(bundle),
      bundlePath: await bundle.path(),
    };
  });
  expect(exported.bundle).toHaveLength(1 + 54);
  const header = JSON.parse(exported.bundle[0] ?? '').snapshot;
  expect(exported.pairs).toHaveLength(header.counts.pairs);
  expect(header.counts.annotations).toBe(6);
  for (const line of exported.pairs) {
    expect(JSON.parse(line)).toMatchObject({ chosen: [{ role: 'assistant' }], rejected: [{ role: 'assistant' }] });
  }

  await test.step('the command line takes the file as the app gives it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rescue-bundle-'));
    const rescue = (...argv: string[]) => {
      const input = ['--model', 'public/models/demo', '--data', exported.bundlePath];
      const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/rescue.mjs', ...argv, ...input], {
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      return JSON.parse(stdout);
    };
    // The same prompts and pairs as the app counts.
    expect(rescue('score', '--out', join(folder, 'scores.jsonl'))).toMatchObject({
      prompts: 54,
      responses: header.counts.responses,
      pairs: header.counts.pairs,
    });
    expect(rescue('train', '--out', join(folder, 'model'), '--epochs', '1')).toMatchObject({ status: 'finished' });
    expect(rescue('evaluate', '--limit', '4', '--max-new-tokens', '8').prompts).toBe(4);
    rmSync(folder, { recursive: true });
  });

  await test.step('SIGKILL, start again: all of it is still there', async () => {
    await server.kill9();
    await server.restart();
    await page.goto(runUrl);
    expect(await heldOut(page, 'before')).toBe(held.before);
    expect(await heldOut(page, 'after')).toBe(held.after);
    await expect(page.getByText('model.safetensors')).toBeVisible();
    await page.getByRole('tab', { name: 'Re-rank' }).click();
    await expect(page.getByText('54 prompts', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Snapshots' }).click();
    expect(await linesOf(await download(page, 'Snapshot (lossless)'))).toEqual(exported.bundle);
    await page.getByRole('link', { name: 'Annotate', exact: true }).first().click();
    await expect(page.getByText('6 of 54', { exact: true })).toBeVisible();
  });
});

const unplaced = (page: Page): Locator =>
  page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });

/** Waits until the board shows another prompt than `before`. @returns its external id. */
async function promptShown(page: Page, before?: string): Promise<string> {
  const heading = page.getByRole('heading', { level: 1, name: /^Prompt / });
  await expect(heading).toBeVisible();
  if (before) await expect(heading).not.toHaveText(before);
  return (await heading.textContent()) ?? '';
}

async function annotateByKeyboard(page: Page) {
  const prompt = await promptShown(page);
  const count = await unplaced(page).count();
  expect(count).toBeGreaterThanOrEqual(4);
  await unplaced(page).first().focus();
  for (let card = 0; card < count; card++) await page.keyboard.press(String(1 + (card % 4)));
  await expect(unplaced(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await promptShown(page, prompt);
}

async function annotateByDragging(page: Page) {
  const prompt = await promptShown(page);
  const lanes = page.getByRole('region', { name: /^Tier \d/ });
  const count = await unplaced(page).count();
  for (let card = 0; card < count; card++) {
    await drag(page, unplaced(page).first(), lanes.nth(card % (await lanes.count())));
    await expect(unplaced(page)).toHaveCount(count - card - 1);
  }
  await page.getByRole('button', { name: 'Save and next' }).click();
  await promptShown(page, prompt);
}

async function drag(page: Page, card: Locator, lane: Locator) {
  await card.hover();
  await draggable(page);
  const from = await stillBox(card);
  await page.mouse.move(from.x + from.width / 3, from.y + 12);
  await page.mouse.down();
  // At its edges the page comes along: the mouse follows the lane until the card is over it.
  await expect(async () => {
    const to = (await lane.boundingBox())!;
    await page.mouse.move(to.x + 60, to.y + to.height / 2, { steps: 12 });
    await expect(lane).toHaveAttribute('data-drop', '', { timeout: 1_000 });
  }).toPass();
  await page.mouse.up();
}

async function heldOut(page: Page, stage: 'before' | 'after'): Promise<string> {
  const measure = page.getByTestId(`held-out-${stage}`);
  await expect(measure).toBeVisible();
  return (await measure.textContent()) ?? '';
}

async function download(page: Page, name: string): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()]);
  return file;
}

async function linesOf(file: Download): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(await file.path()) })) lines.push(line);
  return lines;
}
