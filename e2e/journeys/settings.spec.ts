/** Two researchers in one project's settings, and tiers that people have judged with. */
import { expect, test } from '@playwright/test';
import { judge, newProject, saveStatus, signIn, startWorkplace } from '../annotating';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

interface Settings {
  settingsVersion: number;
  tiers: string[];
  issueTags: { id: string; name: string; retired?: boolean }[];
}

test('a colleague’s tag is not lost in silence; judged tiers are renamed after a word', async ({ context }) => {
  const work = await newProject(server, 2);
  const settings = async () => (await server.admin.ask<{ project: Settings }>('GET', work.project)).body.project;
  const saveAsColleague = async (changes: object) => {
    const { settingsVersion: baseVersion } = await settings();
    expect((await server.admin.ask('PATCH', work.project, { baseVersion, ...changes })).status).toBe(200);
  };
  await signIn(context, { ...work, annotator: server.admin });
  const page = await context.newPage();
  await page.goto(`${server.url}${work.project}/settings`);
  await page.getByLabel('Tag 1', { exact: true }).fill('Mine');
  const { issueTags } = await settings();
  await saveAsColleague({ issueTags: [...issueTags, { id: 'colleague', name: 'A colleague’s' }] });
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect(page.getByText('Someone changed this in the meantime.')).toBeVisible();
  await expect(page.getByText(/Saved by someone else:.*A colleague’s/)).toBeVisible();
  expect((await settings()).issueTags.map(({ name }) => name)).toContain('A colleague’s');
  await page.getByRole('button', { name: 'Keep theirs' }).click();
  await expect(page.getByLabel('Tag 5', { exact: true })).toHaveValue('A colleague’s');
  await page.getByLabel('Tag 1', { exact: true }).fill('Mine');
  // Another setting that changed meanwhile is in nobody's way.
  await saveAsColleague({ goldEvery: 7 });
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect(page.getByText('Issue tags saved.')).toBeVisible();
  const names = (await settings()).issueTags.filter(({ retired }) => !retired).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Mine', 'A colleague’s']));

  // The first judgement comes while the page is open.
  const annotating = await context.browser()!.newContext();
  await signIn(annotating, work);
  const board = await annotating.newPage();
  await board.goto(work.board);
  await judge(board, 0);
  await expect(saveStatus(board)).toHaveText('Saved');
  await annotating.close();
  await page.getByLabel('Tier 1', { exact: true }).fill('Superb');
  await page.getByRole('button', { name: 'Save tiers' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename tiers that are already in use?' });
  await expect(dialog).toContainText('1. “Excellent” becomes “Superb”');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await settings()).tiers[0]).toBe('Excellent');
  await page.getByRole('button', { name: 'Save tiers' }).click();
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText('Tiers saved.')).toBeVisible();
  expect((await settings()).tiers[0]).toBe('Superb');
  const { body } = await server.admin.ask<{ placements: { tier_name: string | null }[] }>(
    'GET',
    `${work.project}/annotations/export`,
  );
  expect(body.placements.map(({ tier_name }) => tier_name)).toContain('Excellent');
  await page.close();
});

test('how texts are shown is the project’s choice, and the board follows it', async ({ context }) => {
  const work = await newProject(server, 1);
  const text = 'It **leans** to the south.';
  const line = JSON.stringify({
    id: 'tower',
    prompt: 'Does it **really** lean?',
    responses: [{ text }, { text: 'No.' }],
  });
  const imported = await server.admin.ask('POST', `${work.project}/import`, undefined, { text: line });
  expect(imported.status).toBe(200);
  await signIn(context, { ...work, annotator: server.admin });
  const settings = await context.newPage();
  await settings.goto(`${server.url}${work.project}/settings`);
  const board = await (await context.browser()!.newContext()).newPage();
  await signIn(board.context(), work);
  await board.goto(work.board);
  await judge(board, 0);
  await expect(saveStatus(board)).toHaveText('Saved');
  const choose = async (name: string) => {
    const choice = settings.getByRole('radio', { name: new RegExp(`^${name}`) });
    await choice.click();
    await expect(choice).toBeChecked();
    await board.goto(work.board);
    await expect(board.getByRole('heading', { level: 1, name: 'Prompt tower' })).toBeVisible();
  };
  const bold = (words: string) => board.locator('strong', { hasText: words });

  await choose('As written');
  await expect(board.getByText(text, { exact: true })).toBeVisible();
  await expect(bold('leans')).toHaveCount(0);
  await choose('As Markdown');
  await expect(bold('leans')).toBeVisible();
  await expect(bold('really')).toBeVisible();
  await choose('Automatic');
  await expect(bold('leans')).toBeVisible();
  await board.context().close();
});
