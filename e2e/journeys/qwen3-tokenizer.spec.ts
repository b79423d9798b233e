/** A model with Qwen3's own tokenizer, of 151,669 tokens, in the browser's workers: checked, trained, scored, sampled. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { readRealTokenizer } from '../../trainer/fixtures/real-tokenizers';
import { tinyQwen3Config } from '../../trainer/fixtures/tiny-qwen3';
import { writeModelFolder } from '../../trainer/io/model-folder';
import { serializeSafetensors } from '../../trainer/io/safetensors';
import { parseModelConfig } from '../../trainer/model/config';
import { initialWeights } from '../../trainer/model/parameters';
import { annotate, loadDemo, signUpAdministrator } from '../demo-project';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let models = '';
test.beforeAll(async () => {
  test.setTimeout(400_000);
  models = await mkdtemp(join(tmpdir(), 'rescue-qwen3-'));
  const { tokenizer, tokenizerConfig } = readRealTokenizer('qwen3');
  const weights = serializeSafetensors(initialWeights(parseModelConfig(tinyQwen3Config), 1), { dtype: 'BF16' });
  await mkdir(join(models, 'tiny-qwen3'));
  await writeModelFolder(join(models, 'tiny-qwen3'), { config: tinyQwen3Config, weights, tokenizer, tokenizerConfig });
  await writeFile(
    join(models, 'tiny-qwen3', 'generation_config.json'),
    JSON.stringify({ eos_token_id: [151645, 151643] }),
  );
  server = await startServer({ env: { MODELS_DIR: models } });
});
test.afterAll(async () => {
  await server?.stop();
  await rm(models, { recursive: true, force: true });
});

const dialog = (page: Page) => page.getByRole('dialog');

test('it is added, trains, scores and samples in the app', async ({ page }) => {
  test.setTimeout(600_000);
  const admin = await signUpAdministrator(page, server);
  await page.goto(`${server.url}/models`);

  await test.step('checked by the server, and added', async () => {
    await page.getByRole('button', { name: 'Add a model' }).click();
    await dialog(page)
      .getByRole('radio', { name: /On the server/ })
      .check();
    await dialog(page).getByLabel('Folder on the server').selectOption('tiny-qwen3');
    await dialog(page).getByRole('button', { name: 'Check and add' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'tiny-qwen3' })).toContainText('2.4M', { timeout: 60_000 });
  });

  const project = await loadDemo(admin);
  await annotate(admin, project, 6);

  await test.step('trained and scored in the page’s worker', async () => {
    await page.goto(`${server.url}${project}/snapshots`);
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    await dialog(page).getByRole('button', { name: 'Create snapshot' }).click();
    await page.getByRole('link', { name: /Train on this/ }).click();
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'tiny-qwen3 (2.4M parameters)' });
    await page.getByRole('radio', { name: /The whole model/ }).check();
    await page.getByLabel('Epochs').fill('1');
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 400_000 });
    await page.getByRole('tab', { name: 'Re-rank' }).click();
    await expect(page.getByRole('columnheader', { name: 'Score after' }).first()).toBeVisible();
  });

  await test.step('sampled in a worker', async () => {
    await page.goto(`${server.url}${project}/sample`);
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'tiny-qwen3' });
    await page.getByLabel('Responses per prompt').fill('2');
    await page.getByLabel('Number of prompts').fill('1');
    await page.getByLabel('Longest response').fill('8');
    await page.getByRole('button', { name: 'Sample responses' }).click();
    await expect(page.getByRole('list', { name: 'Sampled responses' }).getByRole('checkbox')).toHaveCount(2, {
      timeout: 200_000,
    });
  });
});
