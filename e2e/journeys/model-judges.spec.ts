/** A file with two people's judgements and one with a model's: who made them is chosen, and the model is beside the people. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { join, type Person, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

const PROMPTS = 40;
let server: TestServer;
let researcher: Person;
let project: string;

test.beforeAll(async () => {
  server = await startServer();
  researcher = await join(server, server.setupUrl, 'Ada');
  const { body } = await researcher.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Judged' });
  project = `/projects/${body.project.id}`;
});
test.afterAll(() => server?.stop());

/** Comparisons as HelpSteer3 has them: negative where the first response is better. */
const comparisons = (scores: (prompt: number) => object) =>
  Array.from({ length: PROMPTS }, (_, prompt) =>
    JSON.stringify({
      id: `q${prompt}`,
      context: [{ role: 'user', content: `Which of two is better, of ${prompt}?` }],
      response1: `The first of ${prompt}.`,
      response2: `The second of ${prompt}.`,
      ...scores(prompt),
    }),
  ).join('\n');
const people = comparisons((prompt) => ({
  individual_preference: [{ score: -2 }, { score: prompt % 8 === 0 ? 2 : -1 }],
}));
const model = comparisons((prompt) => ({ overall_preference: prompt % 10 === 0 ? 1 : -1 }));

async function importFile(page: Page, text: string, by: 'People' | 'A model', found: string): Promise<void> {
  await page.goto(`${server.url}${project}/import`);
  await page
    .getByLabel('File to import')
    .setInputFiles({ name: 'judged.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) });
  await expect(page.getByRole('heading', { name: found })).toBeVisible();
  await page.getByRole('radio', { name: new RegExp(`^${by}`) }).check();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
}

test('judgements are imported by two people and a model, which the agreement page compares', async ({ page }, info) => {
  await signInAs(page.context(), server, researcher);
  await importFile(page, people, 'People', '2 imported annotators, 80 judgements');
  await expect(page.getByText('80 judgements imported')).toBeVisible();
  await importFile(page, model, 'A model', '1 imported annotator, 40 judgements');
  await expect(page.getByText('40 judgements imported')).toBeVisible();

  await page.goto(`${server.url}${project}/agreement`);
  const annotators = page.getByRole('table', { name: 'Annotators' });
  await expect(annotators.getByRole('row')).toHaveCount(3);
  await expect(annotators).toContainText('HelpSteer3 1');
  const judges = page.getByRole('region', { name: 'Model judges' });
  const agreement = judges.getByRole('table', { name: 'How far HelpSteer3 agrees with people' });
  await expect(agreement.getByRole('row', { name: /^Pairs agreed on, with ties/ })).toBeVisible();
  await expect(judges.getByRole('status')).toContainText(/^(Yes|No): it wins against/);
  await judges.getByLabel('People are').selectOption('experts (ε 0.2)');
  await expect(judges.getByRole('status')).toHaveText(/^Yes: it wins against 100\s?% of the people/);
  const tested = judges.getByRole('table', { name: 'May HelpSteer3 stand in for a person?' });
  await expect(tested.getByRole('row')).toHaveCount(3);
  const download = page.waitForEvent('download');
  await judges.getByRole('button', { name: /alternative-annotator-test/ }).click();
  expect((await download).suggestedFilename()).toBe('alternative-annotator-test.csv');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  for (const width of [390, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await judges.screenshot({ path: info.outputPath(`judges-${width}-${colorScheme}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  }

  // On the project's page the model becomes a person, whose judgements count from then on.
  await page.goto(`${server.url}${project}`);
  await page.getByLabel('HelpSteer3 is', { exact: true }).selectOption('a person');
  await expect(page.getByText('Saved what HelpSteer3 is')).toBeVisible();
  await page.goto(`${server.url}${project}/agreement`);
  await expect(annotators.getByRole('row')).toHaveCount(4);
  await expect(judges).toHaveCount(0);
  expect((await researcher.ask('POST', '/auth/sign-in/email', { email: 'HelpSteer3', password: 'x' })).status).toBe(
    400,
  );
});
