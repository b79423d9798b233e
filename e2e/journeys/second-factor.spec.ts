/** A second factor, as an administrator sets it up on a server that requires one, and signs in with it. */
import { expect, test } from '@playwright/test';
import { signUpAdministrator } from '../demo-project';
import { PASSWORD } from '../people';
import { startServer, type TestServer } from '../server';
import { appCode } from '../totp';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ env: { SECOND_FACTOR: 'admins' } });
});
test.afterAll(() => server?.stop());

test('is set up once it is required, asked for at sign-in, and replaced by a recovery code', async ({ page }) => {
  const ada = await signUpAdministrator(page, server);
  await page.goto(server.url);
  await expect(page.getByText('This server requires administrators to have a second factor.')).toBeVisible();
  await page.getByRole('link', { name: 'Set it up' }).click();

  await page.getByRole('button', { name: 'Set up second factor' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('img', { name: 'QR code for an authenticator app' })).toBeVisible();
  const key = (await dialog.locator('code').textContent())!;
  await dialog.getByLabel('Code from the app').fill('000000');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(dialog.getByText('This code is wrong, has expired or has been used.')).toBeVisible();
  const first = appCode(key);
  await dialog.getByLabel('Code from the app').fill(first);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = page.getByRole('dialog', { name: 'Recovery codes' });
  await expect(codes.getByRole('listitem')).toHaveCount(10);
  const recovery = (await codes.getByRole('listitem').first().textContent())!.trim();
  await codes.getByRole('button', { name: 'I have stored them' }).click();
  await page.goto(server.url);
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();

  const signOut = async () => {
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
  };
  const enterPassword = async () => {
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signOut();
  await enterPassword();
  // The code that was used a moment ago is not taken again.
  await page.getByLabel('Code from the app').fill(first);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('This code is wrong, has expired or has been used.')).toBeVisible();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(recovery);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();

  // The app's next code signs in, too.
  await signOut();
  await enterPassword();
  await page.getByLabel('Code from the app').fill(appCode(key, Date.now() + 30_000));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible();
});
