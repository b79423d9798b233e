/** Somebody else's Parquet file with columns of its own, from the drop to what two trainers read. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import yauzl from 'yauzl';
import { expectNoEnglish } from '../no-english';
import { join, type Person, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

test.use({ viewport: { width: 1280, height: 1000 } });

let server: TestServer;
let ada: Person;
test.beforeAll(async () => {
  server = await startServer();
  ada = await join(server, server.setupUrl, 'Ada');
});
test.afterAll(() => server?.stop());

async function newProject(name: string): Promise<string> {
  const { body } = await ada.ask<{ project: { id: string } }>('POST', '/projects', { name, tiers: ['Good', 'Bad'] });
  return `/projects/${body.project.id}`;
}

const column = (name: string, data: string[]) => ({ name, data, type: 'STRING' as const });
/** Nothing in it is called as any known format calls it. */
const table = (asks: readonly string[]) =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        column(
          'Nr',
          asks.map((_, i) => `row-${i + 1}`),
        ),
        column(
          'Frage',
          asks.map((ask) => ask),
        ),
        column(
          'Erste',
          asks.map((ask) => `The first of ${ask} “é🙂”`),
        ),
        column(
          'Zweite',
          asks.map((ask) => `The second of ${ask}`),
        ),
        column(
          'Quelle',
          asks.map(() => 'some-model'),
        ),
        column(
          'notes',
          asks.map(() => 'nobody needs them'),
        ),
      ],
    }),
  );

/** Drops a file on the page, as a hand does. */
async function drop(page: Page, name: string, bytes: Buffer) {
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name));
      return data;
    },
    { name, base64: bytes.toString('base64') },
  );
  await page.getByText('Drop a file here').dispatchEvent('drop', { dataTransfer: transfer });
}

const choice = (page: Page, name: string): Locator => page.getByRole('combobox', { name: `What “${name}” holds` });

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
}

test('drop a Parquet file, map its columns, annotate, snapshot, download two formats', async ({
  page,
  context,
}, info) => {
  test.setTimeout(240_000);
  const project = await newProject('Columns');
  await signInAs(context, server, ada);
  await page.goto(`${server.url}${project}/import`);

  await test.step('what the columns hold is asked, since the file is of no known shape', async () => {
    await drop(page, 'theirs.parquet', table(['Why?', 'How?']));
    await expect(page.getByRole('status').filter({ hasText: 'no known shape' })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Values of “Frage”' }).getByRole('listitem')).toHaveText([
      'Why?',
      'How?',
    ]);
    // By keyboard: the choice is a native one.
    await choice(page, 'Frage').focus();
    await page.keyboard.type('Prompt');
    await expect(choice(page, 'Frage').locator('option:checked')).toHaveText('Prompt');
    await choice(page, 'Nr').selectOption('Prompt ID');
    await page.getByRole('button', { name: 'Preview' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Choose a column that holds responses.' })).toBeVisible();
    await choice(page, 'Erste').selectOption('Response');
    await expect(page.getByRole('alert').filter({ hasText: 'Choose' })).toBeHidden();
    await choice(page, 'Zweite').selectOption('Response');
    await choice(page, 'Quelle').selectOption('Source of “Erste”');
    await page.getByLabel('Source of “Zweite”').fill('human');
    await expectAccessible(page);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: info.outputPath(`columns-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 1000 });
  });

  await test.step('the preview shows prompts as the board will; the columns can be changed', async () => {
    await page.getByRole('button', { name: 'Preview' }).click();
    await expect(page.getByText('This is a file whose columns were mapped by hand.')).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: '2 prompts' })).toBeVisible();
    await expect(page.getByText('The first of Why? “é🙂”')).toBeVisible();
    await expect(page.getByText('some-model').first()).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath('preview.png'), fullPage: true });
    await page.getByRole('button', { name: 'Change columns' }).click();
    await expect(choice(page, 'Quelle').locator('option:checked')).toHaveText('Source of “Erste”');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByText('They are ready to annotate.')).toBeVisible();
  });

  await test.step('annotate', async () => {
    await page.getByRole('link', { name: 'Annotate', exact: true }).last().click();
    const unplaced = page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });
    for (const prompt of ['row-1', 'row-2']) {
      await expect(page.getByRole('heading', { level: 1, name: `Prompt ${prompt}` })).toBeVisible();
      await expect(unplaced).toHaveCount(2);
      await unplaced.first().focus();
      await page.keyboard.press('1');
      await page.keyboard.press('2');
      await expect(unplaced).toHaveCount(0);
      await page.keyboard.press('Enter');
    }
    await expect(page.getByRole('heading', { level: 1, name: /^Prompt / })).toBeHidden();
    // The last save may still be on its way.
    const saved = async () => {
      const headers = { cookie: ada.cookie };
      const answer = await fetch(`${server.url}/api${project}/annotations/export`, { headers });
      return (await answer.text()).trim().split('\n').length;
    };
    await expect.poll(saved).toBe(2);
  });

  await test.step('snapshot, and what two trainers read', async () => {
    await page.goto(`${server.url}${project}/snapshots`);
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create snapshot' }).click();
    const card = page.getByRole('region', { name: 'Snapshot 1' });
    await expect(card).toContainText('Annotations2');
    await card.getByRole('button', { name: 'Export for a trainer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Conversational preferences/ }).check();
    const trl = await download(page, dialog);
    const pairs = trl
      .get('train.jsonl')!
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(pairs.map(({ prompt }) => prompt)).toEqual([
      [{ role: 'user', content: 'Why?' }],
      [{ role: 'user', content: 'How?' }],
    ]);
    const texts = pairs.map(({ chosen, rejected }) => [chosen[0].content, rejected[0].content].sort());
    expect(texts).toEqual(['Why?', 'How?'].map((ask) => [`The first of ${ask} “é🙂”`, `The second of ${ask}`]));

    await dialog.getByLabel('What does your trainer read?').selectOption('Something else, or the Hugging Face hub');
    await dialog.getByRole('radio', { name: /^Parquet/ }).check();
    const hub = await download(page, dialog);
    const [name, bytes] = [...hub].find(([path]) => path.endsWith('.parquet'))!;
    const file = new Uint8Array(bytes).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows, name).toHaveLength(2);
    expect(hub.get('README.md')!.toString('utf8')).toContain('Snapshot 1');
  });

  await test.step('the next file with these columns is offered what they held', async () => {
    await page.goto(`${server.url}${project}/import`);
    await drop(page, 'more.parquet', table(['Who?']));
    await expect(page.getByRole('status').filter({ hasText: 'were imported before' })).toBeVisible();
    await expect(choice(page, 'Frage').locator('option:checked')).toHaveText('Prompt');
    await expect(page.getByLabel('Source of “Zweite”')).toHaveValue('human');
  });
});

test('a file of a known shape can be mapped, too; and the page speaks each language', async ({ page, context }) => {
  const project = await newProject('Languages');
  await signInAs(context, server, ada);
  await page.goto(`${server.url}${project}/import`);
  const known = [{ prompt: 'q', chosen: 'a', rejected: 'b', extra: 'c' }].map((row) => JSON.stringify(row)).join('\n');
  await drop(page, 'known.jsonl', Buffer.from(known));
  await expect(page.getByText(/This is a TRL preference file/)).toBeVisible();
  await page.getByRole('button', { name: 'Map columns' }).click();
  await expect(choice(page, 'prompt').locator('option:checked')).toHaveText('Prompt');
  for (const language of ['ar', 'ja']) {
    await context.addCookies([{ name: 'language', value: language, url: server.url }]);
    await page.goto(`${server.url}${project}/import`);
    await page.locator('input[type=file]').setInputFiles({
      name: '1.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('السؤال,答え1,答え2,点1\nلماذا؟,一,二,3\n'),
    });
    await expect(page.getByRole('combobox')).toHaveCount(4);
    await page.getByRole('combobox').nth(1).selectOption({ index: 5 });
    await page.getByRole('combobox').nth(2).selectOption({ index: 5 });
    await expectNoEnglish(page, 'the columns', ['csv', 'human']);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 900 });
    await page.screenshot({ path: test.info().outputPath(`columns-${language}.png`), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 1000 });
  }
});

/** The files of the ZIP that the dialog's link gives, by path. */
async function download(page: Page, dialog: Locator): Promise<Map<string, Buffer>> {
  const waiting = page.waitForEvent('download');
  await dialog.getByRole('link', { name: 'Download ZIP' }).click();
  const bytes = await readFile(await (await waiting).path());
  const files = new Map<string, Buffer>();
  const archive = await new Promise<yauzl.ZipFile>((done, fail) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (opened ? done(opened) : fail(error))),
  );
  const ended = new Promise<void>((done, fail) => archive.once('end', done).once('error', fail));
  archive.on('entry', (entry: yauzl.Entry) =>
    archive.openReadStream(entry, async (error, stream) => {
      if (error) throw error;
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      files.set(entry.fileName, Buffer.concat(parts));
      archive.readEntry();
    }),
  );
  archive.readEntry();
  await ended;
  return files;
}
