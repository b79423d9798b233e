/** The panel of a conflict is read like the board: each text in its own direction and form, under its own heading. */
import { expect, test } from '@playwright/test';
import { makeBoardProject, openBoard, toPlace } from '../board-project';
import { startServer, type TestServer } from '../server';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const english = 'It **leans** to the south.\n\n- by four degrees';
const arabic = 'إنه **يميل** نحو الجنوب.';

test('texts run their own way and are formatted, headings stand over columns, and nothing of it is read out unasked', async ({
  page,
}) => {
  const project = await makeBoardProject(page, server, [
    { id: 'tower', prompt: 'Does it lean?', responses: [english, arabic] },
  ]);
  await openBoard(page, server, project);
  await toPlace(page).first().focus();
  await page.keyboard.press('1');
  // The same person at another machine.
  await page.evaluate(async (api) => {
    const { tasks } = await (await fetch(`${api}/tasks/next?count=1`)).json();
    const [{ promptId, responses }] = tasks as [{ promptId: string; responses: { id: string }[] }];
    const placements = responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 3 }));
    const body = { promptId, idempotencyKey: crypto.randomUUID(), baseVersion: 0, allBad: false, timeOnTaskMs: 1000 };
    const answer = await fetch(`${api}/annotations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, placements }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }, `/api${project}`);
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');

  const table = page.getByRole('table', { name: /^Prompt tower was saved elsewhere/ });
  await expect(table.locator('strong', { hasText: 'leans' })).toBeVisible();
  await expect(table.locator('strong', { hasText: 'يميل' })).toBeVisible();
  const direction = (text: string) =>
    table.locator('p', { hasText: text }).evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const [text, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
      // On which side of its box the line begins.
      return text.left - box.left < box.right - text.right ? 'ltr' : 'rtl';
    });
  expect(await direction('leans')).toBe('ltr');
  expect(await direction('يميل')).toBe('rtl');

  const leftEdges = (role: 'columnheader' | 'cell' | 'rowheader') =>
    table.getByRole(role).evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
  const headings = await leftEdges('columnheader');
  expect(new Set(await leftEdges('rowheader'))).toEqual(new Set([headings[0]]));
  expect(new Set(await leftEdges('cell'))).toEqual(new Set(headings.slice(1)));

  // What a screen reader says by itself is the sentence, and none of the texts.
  const live = page.locator('[aria-live], [role="status"], [role="alert"], [role="log"]');
  await expect(live.filter({ hasText: '2 of 2 responses are placed differently' })).toHaveCount(1);
  await expect(live.filter({ hasText: 'leans' })).toHaveCount(0);
  await expect(live.filter({ hasText: 'يميل' })).toHaveCount(0);
});
