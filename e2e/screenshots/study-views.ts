/** The views of a study that are looked at: pages, and what a page shows once somebody has opened it. */
import type { Locator, Page } from '@playwright/test';
import type messages from '../../messages/en.json';
import { type DisputedProject, disputedProject } from '../adjudicating';
import type { startWorkplace } from '../annotating';

type Words = typeof messages;

export interface View {
  path: string;
  /** Makes what is to be seen appear. @returns it, where that is not the whole page */
  open?: (page: Page, words: Words) => Promise<Locator | undefined>;
}

const rows = ['Why is the sky blue?', 'What is a prime number?'].map((question, i) =>
  [`row-${i + 1}`, question, `A first answer to: ${question}`, `Another one to: ${question}`, 'model-a', i + 3].join(
    ',',
  ),
);
const THEIR_TABLE = ['no,question,first answer,second answer,model,shipped', ...rows].join('\n');

/** Two annotators who differ, two snapshots that differ, a pattern for labels, webhooks and API keys. */
export async function study(server: Awaited<ReturnType<typeof startWorkplace>>): Promise<DisputedProject> {
  const { admin } = server;
  const disputed = await disputedProject(server, 9);
  const { project } = disputed;
  const { body } = await admin.ask<{ project: { settingsVersion: number } }>('GET', project);
  const order = { labelPattern: '(\\d+)', snapshotStrategy: 'hybrid' };
  await admin.ask('PATCH', project, { baseVersion: body.project.settingsVersion, ...order });
  const selection = { seed: 1, split: { validation: 30, test: 20 } };
  await admin.ask('POST', `${project}/snapshots`, { name: 'Annotated alone', strategy: 'annotations' });
  await admin.ask('POST', `${project}/snapshots`, { name: 'With splits', strategy: 'hybrid', selection });
  const events = ['prompts.imported', 'annotation.saved', 'snapshot.created', 'run.finished'];
  await admin.ask('POST', `${project}/webhooks`, { url: 'https://hooks.example.org/rescue/7f3a9c', events });
  await admin.ask('POST', `${project}/webhooks`, { url: 'https://example.com/a', events: ['run.finished'] });
  await admin.ask('POST', '/me/keys', { name: 'Nightly export', scopes: ['read', 'snapshots'], days: 90 });
  await admin.ask('POST', '/me/keys', { name: 'Import', scopes: ['read', 'import', 'projects'], days: null });
  return disputed;
}

const card = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

export function viewsOf({ project, promptIds }: DisputedProject): Record<string, View> {
  const prompt = Object.values(promptIds)[0]!;
  const pages = {
    project,
    prompts: `${project}/prompts`,
    prompt: `${project}/prompts/${prompt}`,
    adjudicate: `${project}/adjudicate`,
    decide: `${project}/adjudicate/${prompt}`,
    progress: `${project}/progress`,
    agreement: `${project}/agreement`,
    ledger: `${project}/agreement/ledger`,
    work: `${project}/work`,
    snapshots: `${project}/snapshots`,
    settings: `${project}/settings`,
    import: `${project}/import`,
    people: '/people',
    audit: '/people/audit',
    account: '/account',
  };
  return {
    ...Object.fromEntries(Object.entries(pages).map(([name, path]) => [name, { path }])),
    columns: {
      path: pages.import,
      async open(page, words) {
        const file = { name: 'theirs.csv', mimeType: 'text/csv', buffer: Buffer.from(THEIR_TABLE) };
        await page.getByLabel(words.import.jsonlFile).setInputFiles(file);
        await page.getByRole('heading', { name: words.import.columns.title }).waitFor();
        return undefined;
      },
    },
    'columns-preview': {
      path: pages.import,
      async open(page, words) {
        const file = { name: 'theirs.csv', mimeType: 'text/csv', buffer: Buffer.from(THEIR_TABLE) };
        await page.getByLabel(words.import.jsonlFile).setInputFiles(file);
        await page.getByRole('heading', { name: words.import.columns.title }).waitFor();
        await page.getByRole('button', { name: words.import.preview, exact: true }).click();
        await page.getByText(words.import.howPromptsLook).waitFor();
        return undefined;
      },
    },
    compare: {
      path: pages.snapshots,
      async open(page, words) {
        await page.getByRole('button', { name: words.snapshots.compare.open, exact: true }).click();
        await page.getByRole('dialog').getByRole('table').first().waitFor();
        return page.getByRole('dialog');
      },
    },
    export: {
      path: pages.snapshots,
      async open(page, words) {
        await page.getByRole('button', { name: words.snapshots.export.open }).first().click();
        await page.getByText(words.snapshots.export.readmeHint).waitFor();
        return page.getByRole('dialog');
      },
    },
    contents: {
      path: pages.snapshots,
      async open(page, words) {
        await page.getByText(words.snapshots.contents.title).first().click();
        await page.getByRole('table').first().waitFor();
        return undefined;
      },
    },
    heuristics: {
      path: pages.settings,
      async open(page, words) {
        const form = card(page, words.settings.heuristics.title);
        await form.getByRole('button', { name: words.settings.heuristics.preview }).click();
        await form.getByRole('table').first().waitFor();
        return form;
      },
    },
    webhooks: { path: pages.settings, open: async (page, words) => card(page, words.settings.webhooks.title) },
    keys: { path: pages.account, open: async (page, words) => card(page, words.account.apiKeys) },
    'new-key': {
      path: pages.account,
      async open(page, words) {
        await page.getByRole('button', { name: words.account.createApiKey }).click();
        return page.getByRole('dialog');
      },
    },
    'new-webhook': {
      path: pages.settings,
      async open(page, words) {
        await page.getByRole('button', { name: words.settings.webhooks.add }).click();
        return page.getByRole('dialog');
      },
    },
  };
}
