/** An import and a snapshot that take a while: how far they are, and cancelling them, in the pages. */
import { expect, test } from '@playwright/test';
import { join, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let admin: Person;
test.beforeAll(async () => {
  server = await startServer();
  admin = await join(server, server.setupUrl, 'Ada');
});
test.afterAll(async () => {
  await server?.stop();
});

test('an import and a snapshot say how far they are, and are cancelled without a trace', async ({ page, context }) => {
  test.setTimeout(300_000);
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  const project = `/projects/${body.project.id}`;
  const counts = async () =>
    (await admin.ask<{ counts: { prompts: number; snapshots: number } }>('GET', project)).body.counts;
  await context.addCookies(
    admin.cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url };
    }),
  );
  const text = promptLines(4000);

  await page.goto(`${server.url}${project}/import`);
  await page
    .getByLabel('File to import')
    .setInputFiles({ name: 'numbers.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('progressbar', { name: 'Writing to the database' })).toHaveAttribute(
    'aria-valuenow',
    /^[1-9]/,
  );
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled. Nothing was changed.')).toBeVisible();
  expect(await counts()).toMatchObject({ prompts: 0 });

  expect((await admin.ask('POST', `${project}/import`, undefined, { text })).status).toBe(200);
  await page.goto(`${server.url}${project}/snapshots`);
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Fill up: human, then right label/ }).check();
  await dialog.getByRole('button', { name: 'Create snapshot' }).click();
  await expect(dialog.getByRole('progressbar', { name: 'Freezing the prompts' })).toHaveAttribute(
    'aria-valuenow',
    /^[1-9]/,
  );
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByText('Cancelled. Nothing was changed.')).toBeVisible();
  expect(await counts()).toMatchObject({ prompts: 4000, snapshots: 0 });
});
