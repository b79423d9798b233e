/** One's own account: the password, and leaving with work that the server does not have. */
import { expect, test } from '@playwright/test';
import { judge, newProject, saveStatus, signIn, startWorkplace, stored } from '../annotating';
import { ask, PASSWORD } from '../people';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

test('a password is changed on the account page; the old one and other browsers are out', async ({ context }) => {
  const work = await newProject(server, 1);
  const { email } = work.annotator;
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  const fill = async (current: string, next: string, again = next) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByLabel('Confirm new password').fill(again);
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await fill(PASSWORD, 'another long password', 'another lon password');
  await expect(page.getByText('The new passwords do not match.')).toBeVisible();
  await fill('not the right one', 'another long password');
  await expect(page.getByText('The current password is wrong.')).toBeVisible();
  await fill(PASSWORD, 'another long password');
  await expect(page.getByText('Password changed.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  // The browser that the invitation was accepted in.
  expect((await work.annotator.ask('GET', work.project)).status).toBe(401);
  const attempt = (password: string) => ask(server, '', 'POST', '/auth/sign-in/email', { email, password });
  expect((await attempt(PASSWORD)).status).toBe(401);
  expect((await attempt('another long password')).status).toBe(200);
  await page.close();
});

test('signing out asks where work has not reached the server, and does not where it has', async ({ context }) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await page.route('**/annotations', (route) => route.abort());
  await judge(page, 0);
  await expect(page.getByText('0 today')).toBeVisible();
  const leave = async () => {
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  await leave();
  const dialog = page.getByRole('dialog', { name: 'Sign out with unsent work?' });
  await expect(dialog).toContainText('One change has not reached the server yet. Unsent changes stay in this browser');
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await page.unroute('**/annotations');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(saveStatus(page)).toHaveText('Saved');
  await expect(page.getByText(/^1 today/)).toBeVisible();
  await leave();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.close();
});

test('the control: what was asked about is there after signing out anyway, and is sent after signing in again', async ({
  context,
}) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await page.route('**/annotations', (route) => route.abort());
  await judge(page, 0);
  await page.getByRole('button', { name: 'Account menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out anyway' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.unroute('**/annotations');
  expect(await stored({ ...work, annotator: server.admin })).toEqual({});
  await page.getByLabel('E-mail').fill(work.annotator.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  await page.goto(work.board);
  await expect(saveStatus(page)).toHaveText('Saved');
  await page.close();
});
