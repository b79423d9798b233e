/** A researcher has a program told what happens in a project: from the address that is added to the one that is removed. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { join, type Person, promptLines, signInAs } from '../people';
import { startServer, type TestServer } from '../server';
import { settled } from '../settled';

/** What came to a receiver on this machine, which answers as it is told to. */
class Receiver {
  readonly heard: { type: string; body: string; headers: IncomingHttpHeaders }[] = [];
  status = 200;
  url = '';
  private server: Server | undefined;

  async open(): Promise<void> {
    this.server = createServer((request, answer) => {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        this.heard.push({ type: JSON.parse(body).type, body, headers: request.headers });
        answer.writeHead(this.status).end();
      });
    });
    await new Promise<void>((done) => this.server!.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  of(type: string) {
    return this.heard.filter((message) => message.type === type);
  }
}

const isSignedWith = (secret: string, { body, headers }: Receiver['heard'][number]): boolean => {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

const receiver = new Receiver();
let server: TestServer;
let ada: Person;
let project: string;
test.beforeAll(async () => {
  await receiver.open();
  // The receiver is on this machine, which only this setting allows.
  server = await startServer({ env: { WEBHOOKS_ALLOW_PRIVATE: '1' } });
  ada = await join(server, server.setupUrl, 'Ada');
  const made = await ada.ask<{ project: { id: string } }>('POST', '/projects', { name: 'P' });
  project = `/projects/${made.body.project.id}`;
  await ada.ask('POST', `${project}/import`, undefined, { text: promptLines(3) });
});
test.afterAll(async () => {
  receiver.close();
  await server?.stop();
});

test('from the address to its end: told, tried again, sent again, a new secret, removed', async ({ page }) => {
  test.setTimeout(120_000);
  await signInAs(page.context(), server, ada);
  await page.goto(`${server.url}${project}/settings`);
  const dialog = page.getByRole('dialog');
  const row = page.getByRole('listitem').filter({ hasText: receiver.url });

  const first = await test.step('an address is added, and its secret shown once', async () => {
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await dialog.getByLabel('Address').fill(receiver.url);
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Add webhook' }).click();
    const secret = await page.getByLabel('Signing secret', { exact: true }).inputValue();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(row).toBeVisible();
    return secret;
  });

  await test.step('a snapshot is told, and the log says so', async () => {
    expect((await ada.ask('POST', `${project}/snapshots`, { name: 'First', strategy: 'hybrid' })).status).toBe(201);
    await expect.poll(() => receiver.of('snapshot.created').length, { timeout: 15_000 }).toBe(1);
    expect(isSignedWith(first, receiver.heard[0]!)).toBe(true);
    await row.getByRole('button', { name: 'Messages to' }).click();
    const message = dialog.getByRole('listitem').filter({ hasText: 'A snapshot was created' });
    await expect(message.getByText('Delivered')).toBeVisible({ timeout: 15_000 });
    await expectAccessible(page);
  });

  await test.step('one that arrived is sent again, as the same message', async () => {
    await dialog.getByRole('button', { name: 'Send the message of' }).first().click();
    await expect.poll(() => receiver.of('snapshot.created').length, { timeout: 15_000 }).toBe(2);
    const [before, again] = receiver.of('snapshot.created');
    expect(again!.headers['webhook-id']).toBe(before!.headers['webhook-id']);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('a receiver that fails is asked again after a while, and its row says that it fails', async () => {
    receiver.status = 500;
    await row.getByRole('button', { name: 'Send a test to' }).click();
    await expect.poll(() => receiver.of('test').length, { timeout: 15_000 }).toBe(1);
    await row.getByRole('button', { name: 'Messages to' }).click();
    const message = dialog.getByRole('listitem').filter({ hasText: 'Test' });
    await expect(message).toContainText('answered 500', { timeout: 15_000 });
    await expect(message).toContainText('Waiting');
    receiver.status = 200;
    await expect.poll(() => receiver.of('test').length, { timeout: 30_000 }).toBe(2);
    await expect(message).toContainText('Delivered', { timeout: 15_000 });
    await expect(message).toContainText('2 attempts');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('a new secret: for a day both hold', async () => {
    await row.getByRole('button', { name: 'New secret for' }).click();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'New secret', exact: true }).click();
    const second = await page.getByLabel('Signing secret', { exact: true }).inputValue();
    expect(second).not.toBe(first);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(row.getByText(/The secret before holds until/)).toBeVisible();
    await row.getByRole('button', { name: 'Send a test to' }).click();
    await expect.poll(() => receiver.of('test').length, { timeout: 15_000 }).toBe(3);
    const message = receiver.heard.at(-1)!;
    expect([first, second].map((secret) => isSignedWith(secret, message))).toEqual([true, true]);
  });

  await test.step('on a phone it is removed; nothing is sent any more', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expectToFit(page);
    await expectAccessible(page);
    await row.getByRole('button', { name: 'Delete the webhook' }).click();
    await expectToFit(page);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(page.getByText('This project has no webhooks.')).toBeVisible();
    const heard = receiver.heard.length;
    await ada.ask('POST', `${project}/snapshots`, { name: 'Second', strategy: 'full' });
    await page.waitForTimeout(5_000);
    expect(receiver.heard).toHaveLength(heard);
  });
});
