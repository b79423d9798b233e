/** Double clicks, as hands do them: one thing is made, and nothing is confirmed that was not read. */
import { expect, test } from '@playwright/test';
import { newProject, promptHeading, signIn, startWorkplace, stored, unplaced } from '../annotating';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

test('a double click makes one project and one invitation', async ({ context }) => {
  const work = await newProject(server, 1);
  await signIn(context, { ...work, annotator: server.admin });
  const page = await context.newPage();
  // Slow answers leave time for a second press; what counts is what the server then holds.
  await page.route('**/api/projects', async (route) => {
    if (route.request().method() === 'POST') await new Promise((done) => setTimeout(done, 300));
    await route.continue();
  });
  await page.goto(server.url);
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Pressed twice');
  await page.getByRole('button', { name: 'Create project' }).dblclick();
  await expect(page).toHaveURL(/\/projects\/[^/]+\/import$/);
  const { body } = await server.admin.ask<{ projects: { name: string }[] }>('GET', '/projects');
  expect(body.projects.filter(({ name }) => name === 'Pressed twice')).toHaveLength(1);

  const openInvites = async () => {
    const { body } = await server.admin.ask<{ invites: { usedAt: string | null }[] }>('GET', '/invites');
    return body.invites.filter(({ usedAt }) => !usedAt).length;
  };
  const before = await openInvites();
  await page.goto(`${server.url}/people`);
  await page.getByRole('button', { name: 'Invite someone' }).click();
  await page.getByRole('button', { name: 'Create link' }).dblclick();
  const link = page.getByRole('textbox', { name: 'Invitation link' });
  await expect(link).toHaveValue(new RegExp(`^${server.url}/invite/`));
  expect(await openInvites()).toBe(before + 1);
  await page.close();
});

test('a double click on Save and next asks about what is not placed, and does not confirm it', async ({ context }) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await unplaced(page).first().focus();
  await page.keyboard.press('1');
  const save = page.getByRole('button', { name: 'Save and next' });
  await save.dblclick();
  await expect(page.getByText('2 responses are not placed.', { exact: false })).toBeVisible();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
  expect(await stored(work)).toEqual({});
  // A press of its own does.
  await page.waitForTimeout(700);
  await save.click();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await expect.poll(() => stored(work)).toEqual({ 'prompt-0': { version: 1, tiers: expect.anything() } });
  await page.close();
});
