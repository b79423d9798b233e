/**
 * A whole study: an administrator sets it up, three annotators judge the same prompts, each in a browser of his or
 * her own, one of them leaves in the middle, a reviewer decides what they differ on, and a snapshot takes what the
 * consensus keeps.
 */
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { answerMatrix } from '../adjudicating';
import { promptHeading, saveStatus, unplaced } from '../annotating';
import { join, PASSWORD, type Person, promptLines, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

const PROMPTS = 4;
/** The prompt in the middle of which Cleo leaves. */
const LEFT_AT = 2;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

/** Which of the three responses a text is: the explained number, the number, or the wrong one. */
const letterOf = (text: string, prompt: number) =>
  text.includes('since') ? 'a' : text.includes(`${prompt + 1}`) ? 'b' : 'c';

/** Bob and Cleo order every prompt alike; Dan turns the first one round. */
const tierOf = {
  Bob: (letter: string) => 'abc'.indexOf(letter),
  Cleo: (letter: string) => 'abc'.indexOf(letter),
  Dan: (letter: string, prompt: number) => (prompt === 0 ? 'cba' : 'abc').indexOf(letter),
};

test('a study from its set-up to its snapshot', async ({ browser }) => {
  test.setTimeout(300_000);
  const ada = await join(server, server.setupUrl, 'Ada');
  const office = await pageOf(browser, ada);

  const project =
    await test.step('the administrator makes the project and asks for three annotators a prompt', async () => {
      await office.goto(server.url);
      await office.getByRole('button', { name: 'New project' }).click();
      await office.getByRole('textbox', { name: 'Name' }).first().fill('Numbers');
      await office.getByRole('button', { name: 'Create project' }).click();
      await expect(office).toHaveURL(/\/projects\/[^/]+\/import$/);
      await office.getByLabel('File to import').setInputFiles({
        name: 'numbers.jsonl',
        mimeType: 'application/jsonl',
        buffer: Buffer.from(promptLines(PROMPTS)),
      });
      await office.getByRole('button', { name: 'Import', exact: true }).click();
      await expect(office.getByText(`${PROMPTS} prompts`).first()).toBeVisible();
      const path = new URL(office.url()).pathname.replace('/import', '');
      await office.goto(`${server.url}${path}/settings`);
      await office.getByLabel('Annotators per prompt', { exact: true }).fill('3');
      await office.getByRole('button', { name: 'Save handing out' }).click();
      await expect(office.getByText('Handing out of prompts saved.')).toBeVisible();
      return path;
    });

  const people = await test.step('she invites three annotators and a reviewer, who follow their links', async () => {
    const arrived: Record<string, Page> = {};
    for (const name of ['Bob', 'Cleo', 'Dan', 'Rita']) {
      const link = await invitationTo(office, name === 'Rita' ? 'Researcher' : 'Annotator');
      arrived[name] = await arrive(browser, link, name);
    }
    return arrived as Record<'Bob' | 'Cleo' | 'Dan' | 'Rita', Page>;
  });

  await test.step('annotators judge without seeing each other', async () => {
    for (const name of ['Bob', 'Cleo', 'Dan'] as const) await people[name].goto(`${server.url}${project}/annotate`);
    for (let prompt = 0; prompt < LEFT_AT; prompt++) {
      for (const name of ['Bob', 'Cleo', 'Dan'] as const) await judge(people[name], prompt, tierOf[name]);
    }
    const promptId = await idOf(ada, project, 'prompt-0');
    for (const path of [`answers/${promptId}/${ada.id}`, 'work', 'agreement', 'annotations/export']) {
      expect((await people.Bob.request.get(`${server.url}/api${project}/${path}`)).status(), path).toBe(403);
    }
  });

  await test.step('one of them is off-boarded in the middle of a prompt: her session ends, what she saved stays', async () => {
    await place(people.Cleo, LEFT_AT, tierOf.Cleo);
    await office.goto(`${server.url}/people`);
    await office.getByRole('button', { name: 'Manage Cleo' }).click();
    await office.getByRole('dialog', { name: 'Cleo' }).getByRole('button', { name: 'Deactivate account' }).click();
    await expect(office.getByText('Cleo is deactivated.')).toBeVisible();
    const refused = people.Cleo.waitForResponse((response) => response.status() === 401);
    await people.Cleo.keyboard.press('Enter');
    expect(await (await refused).text()).toContain('This account has been deactivated.');
    for (let prompt = LEFT_AT; prompt < PROMPTS; prompt++) {
      for (const name of ['Bob', 'Dan'] as const) await judge(people[name], prompt, tierOf[name]);
    }
    await office.goto(`${server.url}${project}/work`);
    await expect(office.getByRole('row', { name: /^Cleo/ }).first()).toContainText(String(LEFT_AT));
  });

  await test.step('the reviewer sees how far they agree, and what the consensus would keep', async () => {
    await people.Rita.goto(`${server.url}${project}/agreement`);
    await expect(people.Rita.getByRole('table', { name: 'Measures of agreement' })).toBeVisible();
    // On the first prompt of four Dan says the opposite.
    const matrix = people.Rita.getByRole('table', { name: 'Who agrees with whom' });
    await expect(matrix.getByRole('row', { name: /^Bob/ })).toContainText('0.500');
    await expect(people.Rita.getByRole('status').filter({ hasText: 'pairs are kept' })).toContainText('9 of 12');
  });

  await test.step('a snapshot takes what the consensus keeps', async () => {
    const created = await snapshot(people.Rita, project, 'Before the decision');
    await expect(created).toContainText(`Prompts${PROMPTS}`);
    await expect(created).toContainText('Pairs9');
    await expect(created).toContainText('3 contradicted');
  });

  await test.step('the reviewer decides what they differ on, without their names', async () => {
    const desk = people.Rita;
    await desk.goto(`${server.url}${project}/adjudicate`);
    await expect(desk.getByRole('list', { name: 'Waiting for a decision' }).getByRole('listitem')).toHaveCount(1);
    await desk.getByRole('link', { name: 'Start deciding' }).click();
    await expect(answerMatrix(desk)).toContainText('Annotator C');
    for (const name of ['Bob', 'Cleo', 'Dan']) await expect(answerMatrix(desk)).not.toContainText(name);
    await place(desk, 0, tierOf.Bob);
    await desk.keyboard.press('Enter');
    await expect(desk.getByText('Nothing waits for a decision')).toBeVisible();
    const created = await snapshot(desk, project, 'After the decision');
    await expect(created).toContainText('Pairs12');
    await expect(created).toContainText('Annotations10');
  });
});

async function pageOf(browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext();
  await signInAs(context, server, person);
  return context.newPage();
}

/** The link that the dialog of invitations shows once. */
async function invitationTo(office: Page, role: string): Promise<string> {
  await office.goto(`${server.url}/people`);
  await office.getByRole('button', { name: 'Invite someone' }).click();
  const dialog = office.getByRole('dialog');
  await dialog.getByRole('radio', { name: new RegExp(`^${role}`) }).check();
  await dialog.getByLabel('Project', { exact: true }).selectOption({ label: 'Numbers' });
  await dialog.getByRole('button', { name: 'Create link' }).click();
  return dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue();
}

/** Somebody opens an invitation in a browser of her own and makes her account. */
async function arrive(browser: Browser, link: string, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(link);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.toLowerCase()}@example.org`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  return page;
}

/** Places the responses of the prompt on screen by keyboard, in whatever order they are shown. */
async function place(page: Page, prompt: number, tier: (letter: string, prompt: number) => number): Promise<void> {
  await expect(promptHeading(page)).toHaveText(`Prompt prompt-${prompt}`);
  await expect(unplaced(page)).toHaveCount(3);
  for (let left = 3; left > 0; left--) {
    const card = unplaced(page).first();
    const letter = letterOf((await card.textContent()) ?? '', prompt);
    await card.focus();
    await page.keyboard.press(String(tier(letter, prompt) + 1));
    await expect(unplaced(page)).toHaveCount(left - 1);
  }
}

async function judge(page: Page, prompt: number, tier: (letter: string, prompt: number) => number): Promise<void> {
  await place(page, prompt, tier);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `Prompt prompt-${prompt}`, exact: true })).toBeHidden();
  await expect(saveStatus(page)).toHaveText('Saved');
}

/** The database's id of a prompt, without asking to judge it. */
async function idOf(person: Person, project: string, name: string): Promise<string> {
  const { body } = await person.ask<{ prompts: { id: string; externalId: string }[] }>('GET', `${project}/prompts`);
  return body.prompts.find(({ externalId }) => externalId === name)!.id;
}

async function snapshot(page: Page, project: string, name: string): Promise<Locator> {
  await page.goto(`${server.url}${project}/snapshots`);
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create snapshot' }).click();
  return page.getByRole('region', { name });
}
