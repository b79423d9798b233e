/** Three people judge the same prompts; a researcher sees how far they agree, what they prefer, and what a rule keeps. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { invite, join, type Person, promptLines, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

const PROMPTS = 8;
let server: TestServer;
let researcher: Person;
let project: string;

/** Stores a judgement of every prompt; `tierOf` by the letter of a response and the number of the prompt. */
async function judgeAll(person: Person, tierOf: (letter: string, prompt: number) => number): Promise<void> {
  const { body } = await person.ask<{
    tasks: { promptId: string; externalId: string; responses: { id: string; text: string }[] }[];
  }>('GET', `${project}/tasks/next?count=10`);
  for (const { promptId, externalId, responses } of body.tasks) {
    const prompt = Number(externalId.split('-')[1]);
    const placements = responses.map(({ id, text }) => {
      const letter = text.includes('since') ? 'a' : text.includes(`${prompt + 1}`) ? 'b' : 'c';
      return { responseId: id, state: 'placed', tier: tierOf(letter, prompt) };
    });
    const saved = await person.ask('POST', `${project}/annotations`, {
      promptId,
      baseVersion: 0,
      idempotencyKey: crypto.randomUUID(),
      placements,
      allBad: false,
      timeOnTaskMs: 20_000,
    });
    expect(saved.status, JSON.stringify(saved.body)).toBeLessThan(300);
  }
}

test.beforeAll(async () => {
  server = await startServer();
  researcher = await join(server, server.setupUrl, 'Ada');
  const { body } = await researcher.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  project = `/projects/${body.project.id}`;
  await researcher.ask('POST', `${project}/import`, undefined, { text: promptLines(PROMPTS) });
  const people = await Promise.all(
    ['Bob', 'Cleo', 'Dan'].map((name) => invite(server, researcher, name, 'annotator', body.project.id)),
  );
  await judgeAll(people[0]!, (letter) => 'abc'.indexOf(letter));
  await judgeAll(people[1]!, (letter) => 'aabc'.indexOf(letter));
  await judgeAll(people[2]!, (letter, prompt) => (prompt < 2 ? 'cba' : 'abc').indexOf(letter));
});
test.afterAll(() => server?.stop());

async function openAgreement(page: Page): Promise<void> {
  await signInAs(page.context(), server, researcher);
  await page.goto(`${server.url}${project}/agreement`);
  await expect(page.getByRole('table', { name: 'Measures of agreement' })).toBeVisible();
}

test('agreement, annotators, sources and the consensus preview', async ({ page }) => {
  await openAgreement(page);
  await expect(page.getByRole('row', { name: /^Bob 8 / })).toContainText('0.750');
  const matrix = page.getByRole('table', { name: 'Who agrees with whom' });
  // On six prompts of eight the same order, on two the reverse.
  await expect(matrix.getByRole('row', { name: /^Bob/ })).toContainText('0.500');
  const sources = page.getByRole('table', { name: 'Which source people prefer' }).getByRole('row');
  await expect(sources.nth(1)).toContainText('human');

  await test.step('a stricter rule keeps less', async () => {
    const kept = page.getByRole('status').filter({ hasText: 'pairs are kept' });
    const numbers = async () => Number(/^(\d+) of 24/.exec((await kept.textContent()) ?? '')?.[1]);
    // On two prompts of eight one person says the opposite of the other two.
    expect(await numbers()).toBe(18);
    await page.getByLabel(/^May prefer the other/).fill('1');
    expect(await numbers()).toBe(24);
    await page.getByLabel('Who must prefer a response').selectOption('3');
    expect(await numbers()).toBe(18);
  });

  await test.step('a rule is taken over for snapshots', async () => {
    await page.getByLabel('Who must prefer a response').selectOption('2');
    await page.getByLabel(/^May prefer the other/).fill('1');
    await expect(page.getByRole('status').filter({ hasText: 'pairs are kept' })).toContainText('keeps 18 (+6)');
    await page.getByRole('button', { name: 'Use these' }).click();
    await expect(page.getByText(/^New snapshots use: .*At least 2 people; .*: 1\.$/)).toBeVisible();
    const created = await researcher.ask<{ snapshot: { header: unknown } }>('POST', `${project}/snapshots`, {
      name: 'Two',
    });
    expect(created.body.snapshot.header).toMatchObject({
      filters: { consensus: { quorum: 2, max_against: 1 } },
      counts: { pairs: 24 },
    });
  });

  await test.step('the numbers as a file', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download annotator-pairs as CSV' }).click();
    const rows = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatch(/^(Bob|Cleo|Dan),(Bob|Cleo|Dan),8,/);
  });
});

test('new judgements are measured while the page is open or next seen; annotators do not see any of it', async ({
  page,
}) => {
  await openAgreement(page);
  const eve = await invite(server, researcher, 'Eve', 'annotator', project.split('/').at(-1)!);
  expect((await eve.ask('GET', `${project}/agreement`)).status).toBe(403);
  await judgeAll(eve, (letter) => 'abc'.indexOf(letter));
  await page.reload();
  await expect(page.getByRole('row', { name: /^Eve 8 / })).toBeVisible();
});

test('nothing is cut off and nothing inaccessible, light and dark, in three widths', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await openAgreement(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
      expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/agreement-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
});
