/** Reading long answers: folded thinking, code to copy and to wrap, and beginnings that end between lines. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { newProject, signIn, startWorkplace, type Workplace } from '../annotating';
import { settled } from '../settled';

const code = `function double(x) {\n  return 2 * x; // ${'a long remark '.repeat(20)}\n}`;
const thinking = 'First I **double** it.';
const responses = [
  `<think>\n${thinking}\n</think>\n\nTake this:\n\n\`\`\`js\n${code}\n\`\`\``,
  'It is 4, as <em>anybody</em> knows.',
  `<scratch>So.</scratch>\`\`\`py\nx = 2 * x\n\`\`\`\n\n${'A line of some length, and another one. '.repeat(60)}`,
];

let server: Awaited<ReturnType<typeof startWorkplace>>;
let work: Workplace;
let answer: string;
test.beforeAll(async () => {
  server = await startWorkplace();
  work = await newProject(server, 1);
  const ask = server.admin.ask;
  const line = JSON.stringify({ id: 'long', prompt: 'How?', responses: responses.map((text) => ({ text })) });
  expect((await ask('POST', `${work.project}/import`, undefined, { text: line })).status).toBe(200);
  const { body } = await work.annotator.ask<{
    tasks: { promptId: string; externalId: string; responses: { id: string }[] }[];
  }>('GET', `${work.project}/tasks/next?count=2`);
  const { promptId, responses: shown } = body.tasks.find(({ externalId }) => externalId === 'long')!;
  const judgement = {
    promptId,
    idempotencyKey: crypto.randomUUID(),
    baseVersion: 0,
    allBad: false,
    timeOnTaskMs: 1,
    placements: shown.map(({ id: responseId }) => ({ responseId, state: 'placed', tier: 0 })),
  };
  const saved = await work.annotator.ask('POST', `${work.project}/annotations`, judgement);
  expect(saved.status, JSON.stringify(saved.body)).toBeLessThan(300);
  answer = `${server.url}${work.project}/work/${promptId}/${work.annotator.id}`;
});
test.afterAll(() => server?.stop());

async function open(page: Page): Promise<void> {
  await signIn(page.context(), { ...work, annotator: server.admin });
  await page.goto(answer);
  await expect(page.getByText('Take this:')).toBeVisible();
}

test('thinking is folded, opens by key, and stays open from then on', async ({ page }) => {
  await open(page);
  const fold = page.getByRole('button', { name: 'Thinking (4 words)' });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByText('First I')).toHaveCount(0);
  await expect(page.getByText('<think>')).toHaveCount(0);
  await fold.focus();
  await page.keyboard.press('Space');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('strong', { hasText: 'double' })).toBeVisible();
  await page.reload();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  await fold.press('Enter');
  await expect(page.getByText('First I')).toHaveCount(0);
});

test('a project names its own tags', async ({ page }) => {
  await open(page);
  await expect(page.getByText('<scratch>So.')).toBeVisible();
  await page.goto(`${server.url}${work.project}/settings`);
  const field = page.getByRole('textbox', { name: 'Thinking tags' });
  await field.fill('scratch, 1st');
  await page.getByRole('button', { name: 'Save thinking tags' }).click();
  await expect(page.getByText('“1st” cannot be a tag name')).toBeVisible();
  await field.fill('<scratch>, plan');
  await page.getByRole('button', { name: 'Save thinking tags' }).click();
  await expect(page.getByText('Thinking tags saved.')).toBeVisible();
  await open(page);
  await expect(page.getByRole('button', { name: 'Thinking (1 word)' })).toBeVisible();
  await expect(page.getByText('scratch')).toHaveCount(0);
});

test('code is coloured, copied as it is, and wrapped everywhere at once', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  const blocks = page.getByRole('region', { name: 'Code' });
  await expect(blocks).toHaveCount(2);
  await expect(blocks.first().locator('.hljs-keyword').first()).toHaveText('function');
  await blocks.first().hover();
  await page.getByRole('button', { name: 'Copy code' }).first().click();
  await expect(page.getByText('Copied', { exact: true })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);

  const isWide = () => blocks.first().evaluate((block) => block.scrollWidth > block.clientWidth);
  expect(await isWide()).toBe(true);
  const wrap = page.getByRole('button', { name: 'Wrap long lines' });
  await blocks.last().hover();
  await wrap.last().click();
  await expect(wrap.first()).toHaveAttribute('aria-pressed', 'true');
  expect(await isWide()).toBe(false);
  await page.reload();
  await expect(wrap.first()).toHaveAttribute('aria-pressed', 'true');
});

test('no accessibility violation in thinking and code, light and dark', async ({ page }) => {
  await open(page);
  await page
    .getByRole('button', { name: /^Thinking/ })
    .first()
    .click();
  await expect(page.locator('.hljs-keyword').first()).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`)).toEqual([]);
  }
});

test('the beginning of a long text ends between two lines, at any width', async ({ page }) => {
  await signIn(page.context(), { ...work, annotator: server.admin });
  await page.goto(`${server.url}${work.project}/import`);
  const mixed = `# A title\n\n${'Some **bold** words and $x^2$ in a line. '.repeat(12)}\n\n- one\n- two\n\n${'And more. '.repeat(99)}`;
  const long = { id: 'new', prompt: mixed, responses: [{ text: mixed }, { text: responses[2] }] };
  await page.locator('input[type="file"]').setInputFiles({
    name: 'long.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(JSON.stringify(long)),
  });
  await expect(page.locator('[inert] strong', { hasText: 'bold' }).first()).toBeVisible();
  await expect(page.locator('[inert]')).toHaveCount(3);
  for (const width of [1440, 390, 700]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.locator('[inert]').evaluateAll(halvedLines), `${width} px`).toEqual([]);
  }
});

/** In the page: what is drawn across the lower edge of these elements. */
function halvedLines(folded: Element[]): string[] {
  return folded.flatMap((element) => {
    const edge = element.getBoundingClientRect().bottom;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const halved: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      // The boxes of a formula's letters reach into the lines around it.
      if (node.parentElement!.closest('.katex')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const crosses = [...range.getClientRects()].some(
        (box) => box.width > 0 && box.top < edge - 2 && box.bottom > edge + 2,
      );
      if (crosses) halved.push(String(range).slice(0, 60));
    }
    return halved;
  });
}
