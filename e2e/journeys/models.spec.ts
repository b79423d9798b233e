/** Models beyond the demo: added from a folder, the server and a hub, and trained as an adapter within the memory. */
import { cp, mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { type HubServer, startHubServer } from '../../trainer/fixtures/hub-server';
import { parseModelConfig } from '../../trainer/model/config';
import { elementCount, parameterShapes } from '../../trainer/model/parameters';
import { signUpAdministrator } from '../demo-project';
import { startServer, type TestServer } from '../server';

const demo = 'public/models/demo';
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

let server: TestServer;
let hub: HubServer;
/** A hub that this server does not use. */
let other: HubServer;
let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-models-'));
  await copyDemo('upload/small');
  await copyDemo('upload/broken');
  await truncate(join(folder, 'upload/broken/model.safetensors'), 90_000);
  await copyDemo('server/team/kept');
  await makeLargeModel('server/team/large');
  [hub, other] = await Promise.all([startHubServer(), startHubServer()]);
  for (const name of names) hub.files.set(`owner/from-hub/c0ffee/${name}`, await readFile(join(demo, name)));
  server = await startServer({ env: { MODELS_DIR: join(folder, 'server'), HUB_ORIGIN: hub.origin } });
});
test.afterAll(async () => {
  await server?.stop();
  await hub?.close();
  await other?.close();
  await rm(folder, { recursive: true, force: true });
});

async function copyDemo(path: string) {
  await mkdir(join(folder, path), { recursive: true });
  for (const name of names) await cp(join(demo, name), join(folder, path, name));
}

/** 0.7 billion parameters: a real header, and a hole where the numbers would be. */
async function makeLargeModel(path: string) {
  await copyDemo(path);
  const config = { ...JSON.parse(await readFile(join(demo, 'config.json'), 'utf8')) };
  Object.assign(config, { hidden_size: 2048, intermediate_size: 5632, num_hidden_layers: 16 });
  Object.assign(config, { num_attention_heads: 32, num_key_value_heads: 8, head_dim: 64 });
  await writeFile(join(folder, path, 'config.json'), JSON.stringify(config));
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of parameterShapes(parseModelConfig(config))) {
    const begin = end;
    end += 2 * elementCount(shape);
    header[name] = { dtype: 'BF16', shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(join(folder, path, 'model.safetensors'), 'w');
  await file.write(Buffer.concat([length, json]));
  await file.truncate(8 + json.length + end);
  await file.close();
}

/**
 * Whether the page's worker may talk to the hub, and to another server that would answer just as well.
 * The control: without the worker's line in the matcher of proxy.ts, `other` is true.
 */
async function reachable(worker: Worker) {
  const reach = (origin: string) =>
    worker.evaluate(
      (url) =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      `${origin}/owner/from-hub/resolve/main/config.json`,
    );
  return { hub: await reach(hub.origin), other: await reach(other.origin) };
}

const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

async function seenByAxe(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
  expect.soft(found, where).toEqual([]);
}

test('a model is added from a folder, the server and a hub, and a run trains an adapter of it', async ({ page }) => {
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) blocked.push(message.text());
  });
  await signUpAdministrator(page, server);
  await page.goto(`${server.url}/models`);
  await expect(page.getByText('No models added yet')).toBeVisible();

  await test.step('a broken folder is refused in words; the mended one is uploaded', async () => {
    await page.getByRole('button', { name: 'Add a model' }).click();
    const input = dialog(page).getByLabel('The model’s folder');
    await input.setInputFiles(join(folder, 'upload/broken'));
    await dialog(page).getByRole('button', { name: 'Check and add' }).click();
    await expect(dialog(page).getByRole('alert')).toContainText(
      /model\.safetensors: tensor ".*": its data ends at byte/,
    );
    await seenByAxe(page, 'the dialog with a refusal');
    await input.setInputFiles(join(folder, 'upload/small'));
    await expect(dialog(page).getByLabel('Name')).toHaveValue('small');
    await dialog(page).getByRole('button', { name: 'Check and add' }).click();
    await expect(row(page, 'small')).toContainText('uploaded');
  });

  await test.step('a folder on the server', async () => {
    for (const name of ['team/kept', 'team/large']) {
      await page.getByRole('button', { name: 'Add a model' }).click();
      await dialog(page)
        .getByRole('radio', { name: /On the server/ })
        .check();
      await dialog(page).getByLabel('Folder on the server').selectOption(name);
      await dialog(page).getByRole('button', { name: 'Check and add' }).click();
      await expect(row(page, name)).toContainText('on the server');
    }
    await expect(row(page, 'team/large')).toContainText('725.7M');
  });

  await test.step('a hub, stopped and gone on with', async () => {
    await page.getByRole('button', { name: 'Add a model' }).click();
    await dialog(page)
      .getByRole('radio', { name: /On a hub/ })
      .check();
    await dialog(page).getByLabel('Address').fill('https://elsewhere.example/owner/from-hub');
    await expect(dialog(page).getByText(`from ${hub.origin} only`)).toBeVisible();
    await dialog(page).getByLabel('Address').fill('owner/from-hub');
    hub.hold = { file: 'model.safetensors', bytes: 2_000_000 };
    await dialog(page).getByRole('button', { name: 'Check and download' }).click();
    await expect(dialog(page).getByText(/1\.9 MiB of|2\.\d MiB of/)).toBeVisible();
    await dialog(page).getByRole('button', { name: 'Stop' }).click();
    hub.hold = null;
    await dialog(page).getByRole('button', { name: 'Check and download' }).click();
    await expect(row(page, 'from-hub')).toContainText(`${hub.origin}/owner/from-hub/tree/c0ffee`, { timeout: 60_000 });
    // Asking for the rest names where it begins.
    expect(hub.requests.some((request) => /^GET model\.safetensors bytes=[1-9]\d*-$/.test(request))).toBe(true);
    await seenByAxe(page, 'the models');
  });

  await test.step('one that no run uses can be removed', async () => {
    await page.getByRole('button', { name: 'Remove small' }).click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(row(page, 'small')).toHaveCount(0);
  });

  await test.step('a run that cannot fit is not started, with a way out; an adapter fits', async () => {
    await page.getByRole('link', { name: 'Projects' }).click();
    await page.getByRole('button', { name: 'Load the demo' }).click();
    await page.getByRole('link', { name: 'Snapshots' }).click();
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    await dialog(page)
      .getByRole('radio', { name: /^Fill up: human, then right label/ })
      .check();
    await dialog(page).getByRole('button', { name: 'Create snapshot' }).click();
    await page.getByRole('link', { name: /Train on this/ }).click();
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'large (725.7M parameters)' });
    const start = page.getByRole('button', { name: 'Start training' });
    await expect(page.getByRole('radio', { name: /A LoRA adapter \(usual/ })).toBeChecked();
    await expect(page.getByRole('progressbar', { name: 'Peak memory' })).toBeVisible();
    await expect(start).toBeEnabled();
    await page.getByRole('radio', { name: /The whole model/ }).check();
    await expect(page.getByText(/This run cannot start: it needs 1\d\.\d GiB/)).toBeVisible();
    await expect(page.getByText(/^Train a LoRA adapter of rank 8: \d\.\d GiB\.$/)).toBeVisible();
    await expect(start).toBeDisabled();
    await seenByAxe(page, 'the form with a refusal');
  });

  await test.step('an adapter of the hub’s model', async () => {
    const before = hub.requests.filter((request) => request.includes('model.safetensors')).length;
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'from-hub (1.5M parameters)' });
    await page.getByRole('radio', { name: /A LoRA adapter/ }).check();
    await page.getByLabel('Epochs').fill('1');
    const working = page.waitForEvent('worker', (worker) => worker.url().includes('turbopack-worker'));
    await page.getByRole('button', { name: 'Start training' }).click();
    expect(await reachable(await working)).toEqual({ hub: true, other: false });
    await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 100_000 });
    await expect(page.getByRole('link', { name: 'Download adapter_model.safetensors' })).toBeVisible();
    await expect(page.getByText(/a LoRA adapter, [\d,]+ parameters/)).toBeVisible();
    await page.getByRole('tab', { name: 'Re-rank' }).click();
    await expect(page.getByRole('columnheader', { name: 'Score after' }).first()).toBeVisible();
    // It lay in the browser already.
    expect(hub.requests.filter((request) => request.includes('model.safetensors'))).toHaveLength(before);
  });
  expect(blocked).toEqual([]);
});
