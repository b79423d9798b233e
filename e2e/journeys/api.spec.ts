/** A researcher makes an API key on the account page, and a program works with it: from import to pairs. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { join, type Person, promptLines, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let ada: Person;
test.beforeAll(async () => {
  server = await startServer();
  ada = await join(server, server.setupUrl, 'Ada');
});
test.afterAll(() => server?.stop());

test('from a key to preference pairs, without a browser', async ({ page }) => {
  await signInAs(page.context(), server, ada);
  await page.goto(`${server.url}/account`);
  const card = page.getByRole('heading', { name: 'API keys' });
  await expect(card).toBeVisible();
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Nightly export');
  for (const scope of ['Projects', 'Import', 'Snapshots']) await dialog.getByLabel(scope, { exact: true }).check();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create API key' }).click();
  const secret = await page.getByLabel('API key', { exact: true }).inputValue();
  expect(secret).toMatch(/^rsk_/);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Nightly export')).toBeVisible();

  const program = async (method: string, path: string, body?: string, type = 'application/json') => {
    const headers = { authorization: `Bearer ${secret}`, ...(body !== undefined && { 'content-type': type }) };
    const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get('content-type'), text };
  };
  const made = await program('POST', '/projects', JSON.stringify({ name: 'By a program' }));
  expect(made.status, made.text).toBe(201);
  const project = `/projects/${JSON.parse(made.text).project.id}`;
  const imported = await program('POST', `${project}/import`, promptLines(3), 'application/x-ndjson');
  expect(imported.status, imported.text).toBe(200);
  const strategy = { name: 'First', strategy: 'hybrid' };
  const frozen = await program('POST', `${project}/snapshots`, JSON.stringify(strategy));
  expect(frozen.status, frozen.text).toBe(201);
  const pairs = await program('GET', `/snapshots/${JSON.parse(frozen.text).snapshot.id}/pairs`);
  expect(pairs.status, pairs.text).toBe(200);

  await test.step('what keys may not do is refused as problem details', async () => {
    const refused = await program('GET', '/me/sessions');
    expect([refused.status, refused.type]).toEqual([403, 'application/problem+json']);
    const document = await program('GET', '/openapi.json');
    expect(JSON.parse(document.text).paths).toHaveProperty('/projects/{projectId}/import');
  });

  await test.step('a revoked key does nothing', async () => {
    await page.getByRole('button', { name: 'Revoke the API key Nightly export' }).click();
    await expect(page.getByText('You have no API keys.')).toBeVisible();
    expect((await program('GET', '/projects')).status).toBe(401);
  });
});
