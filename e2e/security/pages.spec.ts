import { expect, test } from '@playwright/test';
import { startServer, type TestServer } from '../server';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

test('pages run only their own scripts, are isolated for threads, and cannot be framed', async ({ page }) => {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(message.text());
  });
  const answer = await page.goto(server.setupUrl);
  const headers = answer!.headers();
  expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
  expect(headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-powered-by']).toBeUndefined();
  // Scripts with the nonce do run: the form is drawn by the client.
  await expect(page.getByLabel('Name')).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(violations).toEqual([]);

  const again = await page.request.get(server.url);
  expect(again.headers()['content-security-policy']).not.toBe(headers['content-security-policy']);

  // The control: a script without the nonce does not run, and says so.
  await page.evaluate(() => {
    const script = document.createElement('div');
    script.innerHTML = '<img src="/nothing" onerror="window.injected = true">';
    document.body.append(script);
  });
  await expect.poll(() => violations.length).toBeGreaterThan(0);
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);
});
