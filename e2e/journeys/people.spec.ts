/** Off-boarding in the middle of somebody's work, roles, links for a new password, sessions and the audit log. */
import { expect, type Page, test } from '@playwright/test';
import { judge, newProject, place, saveStatus, signIn, startWorkplace, stored } from '../annotating';
import { ask, invite, PASSWORD, signInAs } from '../people';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

/** The page of people, with the dialog of one of them open. */
async function manage(page: Page, name: string) {
  await page.goto(`${server.url}/people`);
  await page.getByRole('button', { name: `Manage ${name}` }).click();
  return page.getByRole('dialog', { name });
}

test('somebody is deactivated in the middle of her work: the next request is refused, what was saved is there', async ({
  browser,
  context,
}) => {
  const work = await newProject(server, 3);
  await signIn(context, work);
  const board = await context.newPage();
  await board.goto(work.board);
  await judge(board, 0);
  await expect(saveStatus(board)).toHaveText('Saved');
  const saved = await stored(work);
  await place(board, 1);

  const desk = await browser.newContext();
  await signInAs(desk, server, server.admin);
  const page = await desk.newPage();
  const name = work.annotator.email.split('@')[0]!;
  const dialog = await manage(page, name);
  await dialog.getByRole('button', { name: 'Deactivate account' }).click();
  await expect(page.getByText(`${name} is deactivated.`)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Reactivate account' })).toBeVisible();

  const refused = board.waitForResponse((response) => response.status() === 401);
  await board.keyboard.press('Enter');
  expect(await (await refused).text()).toContain('This account has been deactivated.');
  const next = await work.annotator.ask<{ error: { message: string } }>('GET', work.project);
  expect(next.status).toBe(401);
  expect(next.body.error.message).toContain('What was saved is kept.');

  const again = await browser.newContext();
  const door = await again.newPage();
  await door.goto(`${server.url}/sign-in`);
  await door.getByLabel('E-mail').fill(work.annotator.email);
  await door.getByLabel('Password').fill(PASSWORD);
  await door.getByRole('button', { name: 'Sign in' }).click();
  await expect(door.getByText('This account has been deactivated.')).toBeVisible();

  // The control: reactivated, she signs in and finds what she saved.
  await dialog.getByRole('button', { name: 'Reactivate account' }).click();
  await expect(page.getByText(`${name} can sign in again.`)).toBeVisible();
  expect((await work.annotator.ask('GET', work.project)).status).toBe(401);
  await door.getByLabel('Password').fill(PASSWORD);
  await door.getByRole('button', { name: 'Sign in' }).click();
  await expect(door.getByRole('button', { name: 'Account menu' })).toBeVisible();
  const session = (await again.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const annotator = {
    ...work.annotator,
    ask: (method: string, path: string, json?: unknown) => ask(server, session, method, path, json),
  } as typeof work.annotator;
  expect(await stored({ ...work, annotator })).toEqual(saved);
  await Promise.all([desk.close(), again.close()]);
});

test('a role is changed, and the last administrator keeps hers', async ({ context }) => {
  await invite(server, server.admin, 'Rob', 'annotator');
  await signInAs(context, server, server.admin);
  const page = await context.newPage();
  const rob = await manage(page, 'Rob');
  await rob.getByLabel('Role').selectOption('researcher');
  await rob.getByRole('button', { name: 'Save role' }).click();
  await expect(page.getByText('Role saved.')).toBeVisible();
  await rob.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row', { name: /Rob/ })).toContainText('researcher');
  const ada = await manage(page, 'Ada');
  await ada.getByLabel('Role').selectOption('annotator');
  await ada.getByRole('button', { name: 'Save role' }).click();
  await expect(ada.getByText('This is the last active administrator.')).toBeVisible();
});

test('a link for a new password lets its holder in once', async ({ browser, context }) => {
  const eve = await invite(server, server.admin, 'Eve', 'annotator');
  await signInAs(context, server, server.admin);
  const page = await context.newPage();
  const dialog = await manage(page, 'Eve');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = await dialog.getByLabel('Link for a new password').inputValue();
  const away = await browser.newContext();
  const door = await away.newPage();
  await door.goto(link);
  await expect(door.getByText(`For the account ${eve.email}.`)).toBeVisible();
  await door.getByLabel('New password', { exact: true }).fill('quite another password');
  await door.getByLabel('Confirm new password').fill('quite another password');
  await door.getByRole('button', { name: 'Save password' }).click();
  await expect(door.getByRole('button', { name: 'Account menu' })).toBeVisible();
  expect((await eve.ask('GET', '/me')).body).toMatchObject({ user: null, needsSetup: false });
  await door.goto(link);
  await expect(door.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();

  await page.goto(`${server.url}/people/audit`);
  await page.getByLabel('Person').selectOption({ label: `Eve (${eve.email})` });
  await expect(page.getByRole('row', { name: /Password reset/ })).toContainText('Eve');
  await expect(page.getByRole('row', { name: /Link for a new password created/ })).toContainText('Ada');
  await away.close();
});

test('people see in which browsers they are signed in, and end the others', async ({ browser, context }) => {
  const mia = await invite(server, server.admin, 'Mia', 'annotator');
  await signInAs(context, server, mia);
  const away = await browser.newContext();
  const door = await away.newPage();
  await door.goto(`${server.url}/sign-in`);
  await door.getByLabel('E-mail').fill(mia.email);
  await door.getByLabel('Password').fill(PASSWORD);
  await door.getByRole('button', { name: 'Sign in' }).click();
  await expect(door.getByRole('button', { name: 'Account menu' })).toBeVisible();

  const page = await context.newPage();
  await page.goto(`${server.url}/account`);
  await expect(page.getByText('this browser')).toHaveCount(1);
  await expect(page.getByText(/Chrome/)).toBeVisible();
  await page.getByRole('button', { name: /^End the session of Chrome/ }).click();
  await expect(page.getByText('Sessions ended.')).toBeVisible();
  await expect(page.getByText(/Chrome/)).toBeHidden();
  await door.reload();
  await expect(door).toHaveURL(/\/sign-in/);
  await away.close();
});
