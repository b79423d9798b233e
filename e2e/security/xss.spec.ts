/**
 * Every text that people put into the app, stored through its own doors with the corpus in it, on every page that shows
 * it: shown as text, and nothing runs. Controls: the same payloads run in a page that trusts them, so the detector
 * sees them; and put into the app's page as HTML they are stopped by its policy alone.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { chooseView } from '../board-project';
import { type ApiAnswer, ask, PASSWORD, type Person } from '../people';
import { startServer, type TestServer } from '../server';
import { nameOf, payloads, textsOf, unguarded } from './xss-corpus';

const plain = textsOf('html', 'attribute', 'link');
const all = payloads.map(({ text }) => text);
const names = {
  admin: nameOf(900),
  annotator: nameOf(901),
  project: nameOf(902),
  description: nameOf(903),
  tiers: [904, 905, 906, 907].map(nameOf),
  tags: [908, 909, 910].map(nameOf),
  sources: [911, 912, 913].map(nameOf),
  label: nameOf(914),
  prompt: nameOf(915),
  document: nameOf(916),
  snapshot: nameOf(917),
  note: nameOf(918),
  example: nameOf(919),
  backend: nameOf(920),
};

declare global {
  interface Window {
    heard: number[];
    violations: string[];
  }
}

/** Runs before everything else in every frame: what a payload calls, and what the policy stops. */
function listen(): void {
  const top = window.top as Window;
  if (window === top) {
    top.heard = [];
    top.violations = [];
  }
  Object.assign(window, { ran: (number: number) => top.heard.push(number) });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => {
    top.violations.push(`${violatedDirective} ${sample}`);
  });
}

let server: TestServer;
let admin: Person;
let annotator: Person;
let project = '';
let run = '';
let firstPrompt = '';
let firstResponses: { id: string; text: string }[] = [];

test.beforeAll(async () => {
  server = await startServer();
  admin = await accept(server.setupUrl, names.admin, 'ada@example.org');
  await fillProject();
});
test.afterAll(() => server?.stop());

async function accept(url: string, name: string, email: string): Promise<Person> {
  const path = `/invites/${url.split('/invite/')[1]}/accept`;
  const { body, headers } = ok(
    await ask<{ user: { id: string } }>(server, '', 'POST', path, { name, email, password: PASSWORD }),
  );
  const cookie = headers
    .getSetCookie()
    .map((value) => value.split(';')[0])
    .join('; ');
  return { id: body.user.id, email, cookie, ask: (...request) => ask(server, cookie, ...request) };
}

function ok<T>(answer: ApiAnswer<T>): ApiAnswer<T> {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer;
}

async function fillProject(): Promise<void> {
  const create = { name: names.project, description: names.description, tiers: names.tiers, guidelines: 'First.' };
  const { body } = ok(await admin.ask<{ project: { id: string } }>('POST', '/projects', create));
  project = `/projects/${body.project.id}`;
  const issueTags = names.tags.map((name, i) => ({ id: `tag-${i}`, name, color: 'red' }));
  ok(await admin.ask('PATCH', project, { baseVersion: 1, issueTags }));
  const answers = (texts: string[]) =>
    texts.map((text, i) => ({ id: `r${i}`, text, source: names.sources[i], label: names.label }));
  const responses = answers([plain.join('\n'), [...plain].reverse().join('\n'), textsOf('math').join(' and ')]);
  // One response of a prompt that is Markdown has all of them drawn as Markdown.
  const markdown = ['**Markdown**', ...textsOf('markdown'), ...textsOf('html')].join('\n\n');
  const chat = (['system', 'user', 'assistant', 'user'] as const).map((role) => ({ role, content: all.join('\n') }));
  const documents = [
    { title: names.document, text: plain.join('\n') },
    { title: names.document, text: `**Markdown**\n\n${all.join('\n\n')}` },
  ];
  const prompts = [
    { id: names.prompt, prompt: plain.join('\n'), documents, responses },
    { id: `${names.prompt} 2`, prompt: chat, responses: answers([markdown, 'Two.', 'Three.']) },
    { id: `${names.prompt} 3`, prompt: 'To skip.', responses: answers(['One.', 'Two.', 'Three.']) },
  ];
  const text = prompts.map((prompt) => JSON.stringify({ ...prompt, reference_label: names.label })).join('\n');
  ok(await admin.ask('POST', `${project}/import`, undefined, { text }));

  const invited = ok(
    await admin.ask<{ url: string }>('POST', '/invites', { role: 'annotator', projectId: body.project.id }),
  );
  annotator = await accept(invited.body.url, names.annotator, 'ann@example.org');
  ok(await annotator.ask('POST', `${project}/guidelines/acknowledge`, { version: 1 }));
  ok(
    await admin.ask('POST', `${project}/guidelines`, {
      baseVersion: 1,
      body: all.join('\n\n'),
      examples: names.tiers.map(() => names.example),
    }),
  );
  interface Tasks {
    tasks: { promptId: string; responses: { id: string; text: string }[] }[];
  }
  const { tasks } = ok(await annotator.ask<Tasks>('GET', `${project}/tasks/next?count=3`)).body;
  const mark = (n: number, mark: { kind: string; reason?: string; note: string }) => {
    const change = { promptId: tasks[n]!.promptId, idempotencyKey: crypto.randomUUID(), kind: mark.kind, mark };
    return annotator.ask('POST', `${project}/marks`, change);
  };
  ok(await mark(2, { kind: 'skipped', reason: 'other', note: names.note }));
  ok(await mark(1, { kind: 'flagged', note: names.note }));
  firstPrompt = tasks[0]!.promptId;
  firstResponses = tasks[0]!.responses;
  ok(await admin.ask('POST', `${project}/annotations`, saveOf(firstResponses, { baseVersion: 0 })));
  const snapshot = ok(
    await admin.ask<{ snapshot: { id: string } }>('POST', `${project}/snapshots`, { name: names.snapshot }),
  );
  const created = ok(
    await admin.ask<{ run: { id: string } }>('POST', `${project}/runs`, {
      snapshotId: snapshot.body.snapshot.id,
      modelId: 'demo',
    }),
  );
  run = `/runs/${created.body.run.id}`;
  ok(await admin.ask('POST', `${run}/report`, { step: 1, totalSteps: 1, backend: names.backend }));
  for (const stage of ['before', 'after']) {
    const scores = [0, 1, 2].map((i) => ({ promptId: names.prompt, responseId: `r${i}`, score: -i, heldOut: false }));
    ok(await admin.ask('POST', `${run}/scores`, { stage, scores }));
  }
  ok(await admin.ask('POST', `${run}/finish`, { status: 'failed', error: names.note }));
}

/** A judgement of the first prompt with every kind of remark; `tier` for all, else one each. */
function saveOf(responses: typeof firstResponses, { baseVersion, tier }: { baseVersion: number; tier?: number }) {
  return {
    promptId: firstPrompt,
    idempotencyKey: crypto.randomUUID(),
    baseVersion,
    allBad: false,
    timeOnTaskMs: 1,
    placements: responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: tier ?? i })),
    remarks: {
      comment: plain.join('\n'),
      tags: responses.map(({ id }) => ({ responseId: id, tag: 'tag-0' })),
      marks: responses.map(({ id, text: { length } }) => ({ responseId: id, start: 0, end: length, tag: 'tag-1' })),
    },
  };
}

/** A page of this person's; anything that opens a dialog is told. */
async function pageOf(context: BrowserContext, { cookie }: Person): Promise<{ page: Page; dialogs: string[] }> {
  await context.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url };
    }),
  );
  await context.addInitScript(listen);
  const page = await context.newPage();
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return { page, dialogs };
}

/** White space and control characters aside, as a reader sees it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: one payload begins with one
const seen = (text: string) => text.replace(/[\s\u0000-\u001f]+/g, '');

/** Nothing ran, nothing tried, nothing was made of the texts but text; and these can be read on the page. */
async function harmless(page: Page, where: string, shown: readonly string[]): Promise<void> {
  const missing = async () => {
    const text = seen(
      await page.evaluate(() => {
        const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(({ value }) => value);
        // What is laid out, not what is hidden.
        // biome-ignore lint/performance/useDomNodeTextContent: only what is on screen counts
        return [document.body.innerText, ...fields].join('\n');
      }),
    );
    return shown.filter((payload) => !text.includes(seen(payload)));
  };
  await expect.poll(missing, `not shown as text: ${where}`).toEqual([]);
  const found = await page.evaluate(() => {
    const strange: string[] = [];
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        const address = /^(href|src|srcset|srcdoc|action|formaction|data|xlink:href|poster|background)$/i.test(name);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip these in front of a scheme
        const runs = /^[\s\u0000-\u001f]*(j\s*a\s*v\s*a|vb)script:|^\s*data:(?!image|font)/i.test(value);
        if (/^on/i.test(name) || (address && runs)) strange.push(`<${element.tagName} ${name}="${value}">`);
      }
    }
    const never = 'iframe,object,embed,base,meta,link,script,style,img,image,video,audio,source,marquee,template,xss';
    for (const element of document.querySelectorAll(`main :is(${never}), [role=dialog] :is(${never})`)) {
      // The list of a menu keeps an empty template for itself.
      if (element.outerHTML !== '<template></template>') strange.push(element.outerHTML.slice(0, 200));
    }
    for (const script of document.scripts) if (script.text.includes('ran(')) strange.push(script.text.slice(0, 200));
    return { strange, heard: window.heard, violations: window.violations };
  });
  expect(found, where).toEqual({ strange: [], heard: [], violations: [] });
}

test('what annotators see is text', async ({ context }) => {
  const { page, dialogs } = await pageOf(context, annotator);
  await chooseView(page, 'board');
  await page.setViewportSize({ width: 1440, height: 900 });

  const answer = await page.goto(`${server.url}${project}/annotate`);
  const policy = answer!.headers()['content-security-policy'] ?? '';
  const scripts = policy.split('; ').find((part) => part.startsWith('script-src'));
  expect(scripts).toMatch(/^script-src 'self' 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'$/);
  expect(policy).toMatch(/object-src 'none'; base-uri 'none'/);

  await expect(page.getByRole('heading', { level: 1, name: 'The guidelines have changed' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What changed' })).toBeVisible();
  await page.getByRole('button', { name: 'Show the full text' }).click();
  await harmless(page, 'the gate', [...textsOf('html').slice(0, 8), ...names.tiers, names.example]);
  await page.getByRole('button', { name: 'I have read the guidelines' }).click();

  await expect(page.getByRole('heading', { level: 1, name: /^Prompt / })).toBeVisible();
  await page.keyboard.press('g');
  await page.getByRole('complementary', { name: 'Guidelines' }).waitFor();
  for (const shut of await page.locator('details:not([open]) > summary').all()) await shut.click();
  for (let n = await page.getByRole('button', { name: 'Show all' }).count(); n > 0; n--) {
    await page.getByRole('button', { name: 'Show all' }).first().click();
  }
  await harmless(page, 'the board', [...plain, ...names.tiers, names.prompt, names.document]);
  const cards = page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });
  await cards.first().focus();
  await page.keyboard.press('t');
  await expect(page.getByRole('menuitemcheckbox')).toHaveText(names.tags);
  await expect(page.getByRole('menuitemcheckbox').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: /^Tags and highlights/ });
  await dialog.getByRole('textbox').press('Control+a');
  await dialog.getByRole('button', { name: names.tags[1] }).click();
  await harmless(page, 'marks', names.tags);
  await page.keyboard.press('Escape');
  await cards.nth(0).focus();
  await page.keyboard.press('d');
  await cards.nth(1).focus();
  await page.keyboard.press('d');
  await expect(page.getByRole('region', { name: /^Comparison of/ })).toBeVisible();
  await page.getByLabel('Show differences').click();
  await harmless(page, 'the comparison', []);
  await page.getByRole('button', { name: 'Close comparison' }).click();
  await cards.first().focus();
  await page.keyboard.press('n');
  await page.keyboard.insertText(plain.join('\n'));
  await page.keyboard.press('Escape');
  await cards.first().focus();
  for (const key of ['1', '2', '3', 'Enter']) await page.keyboard.press(key);

  await expect(page.getByRole('list', { name: 'Chat' })).toBeVisible();
  await harmless(page, 'the chat', [...names.tiers, `${names.prompt} 2`]);
  await expect(page.getByRole('status', { name: 'Save status' })).toHaveText(/Saved/);

  await page.goto(`${server.url}${project}/annotate/mine`);
  await harmless(page, 'my work', [names.prompt, names.note, names.tags[0]!, plain[0]!]);
  await page.goto(`${server.url}${project}/annotate/mine/${firstPrompt}`);
  await expect(page.getByRole('textbox', { name: /^Comment/ })).toBeVisible();
  await harmless(page, 'editing', [...plain, ...names.tags.slice(0, 1)]);
  ok(await annotator.ask('POST', `${project}/annotations`, saveOf(firstResponses, { baseVersion: 1, tier: 3 })));
  const card = page.getByRole('group', { name: /^Response / }).first();
  await card.focus();
  for (const key of ['2', 'Enter']) await page.keyboard.press(key);
  const choice = page.getByRole('table', { name: /was saved elsewhere/ });
  await expect(choice).toContainText(names.tiers[3]!);
  await expect(choice.getByRole('row').last()).toContainText('Comment, tags and highlights (differ)');
  await harmless(page, 'the choice after a conflict', [names.prompt, ...names.tiers]);
  await page.goto(`${server.url}${project}`);
  await harmless(page, 'the project as annotators see it', [names.project, names.description, ...names.tiers]);
  expect(dialogs).toEqual([]);
});

test('what researchers see is text', async ({ context }) => {
  const { page, dialogs } = await pageOf(context, admin);
  const open = async (path: string, shown: readonly string[]) => {
    await page.goto(`${server.url}${path}`);
    await harmless(page, path.replace(project, ''), shown);
  };
  await open('/', [names.project, names.description]);
  await open(project, [names.project, names.admin, names.annotator, ...names.tiers]);
  await open('/people', [names.admin, names.annotator]);
  await open(`${project}/guidelines`, [names.example, ...names.tiers, ...textsOf('html').slice(0, 8)]);
  await page.getByText('Version 2', { exact: true }).click();
  await expect(page.locator('ins').first()).toBeVisible();
  await harmless(page, 'the history', [names.admin, names.example, ...names.tiers, ...textsOf('html').slice(0, 8)]);
  await page.getByRole('button', { name: 'Show the full text' }).click();
  await page.getByText('Version 1', { exact: true }).click();
  await expect(page.getByText('First.')).toHaveCount(1);
  await harmless(page, 'the history, whole', [names.example, ...names.tiers]);
  await open(`${project}/settings`, [...names.tags, ...names.tiers, names.example]);
  await page.getByRole('tab', { name: 'Preview' }).click();
  await harmless(page, 'the preview', [...names.tiers, ...textsOf('html').slice(0, 8)]);
  await open(`${project}/snapshots`, [names.snapshot]);
  await open(`${project}/runs`, [names.snapshot]);
  await open(`${project}${run}`, [names.note]);
  await open(`${project}${run}?tab=rerank`, [...plain, ...names.sources, ...names.tiers.slice(0, 3)]);
  await page.goto(`${server.url}${project}/import`);
  await page
    .getByRole('radio', { name: 'Paste' })
    .or(page.getByRole('tab', { name: 'Paste' }))
    .first()
    .click();
  const response = (n: number) => ({
    text: plain.slice(n, n + 2).join(' '),
    source: names.sources[n],
    label: names.label,
  });
  const line = { id: `${names.prompt} new`, prompt: plain[0], responses: [response(0), response(1)] };
  await page.getByRole('textbox').fill(JSON.stringify(line));
  await page.getByRole('button', { name: /Preview|Check|Look/ }).click();
  await harmless(page, 'the preview of an import', [plain[0]!, plain[1]!, names.sources[0]!, names.label]);
  expect(dialogs).toEqual([]);
});

test('controls: without a guard the payloads run, and the policy alone stops them', async ({ context }) => {
  const { page } = await pageOf(context, annotator);
  await page.route('**/unguarded/**', (route) => {
    const number = /unguarded\/(\d+)$/.exec(route.request().url())?.[1];
    if (number === undefined) return route.fulfill({ status: 404 });
    const text = unguarded(payloads[Number(number)]!);
    return route.fulfill({ contentType: 'text/html', body: `<!doctype html><meta charset=utf-8><body>${text}` });
  });
  await page.route('**/unguarded', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(`${server.url}/unguarded`);
  const expected = payloads.filter(({ runs }) => runs).map(({ number }) => number);
  expect(expected.length).toBeGreaterThanOrEqual(60);
  await page.evaluate(async (numbers) => {
    for (const number of numbers) {
      const frame = document.createElement('iframe');
      frame.src = `/unguarded/${number}`;
      frame.onload = () => {
        const inside = frame.contentDocument;
        for (const element of inside?.querySelectorAll<HTMLElement>('a, input') ?? []) {
          element.focus();
          for (const type of ['focus', 'mouseover', 'click']) element.dispatchEvent(new MouseEvent(type));
          if (element.tagName === 'A') element.click();
        }
      };
      document.body.append(frame);
    }
  }, expected);
  const silent = () => page.evaluate((numbers) => numbers.filter((number) => !window.heard.includes(number)), expected);
  await expect.poll(async () => (await silent()).map((number) => payloads[number]!.text)).toEqual([]);

  await page.goto(`${server.url}${project}/guidelines`);
  await page.evaluate((texts) => {
    const inserted = document.createElement('div');
    inserted.innerHTML = texts.join('\n');
    document.body.append(inserted);
    for (const anchor of inserted.querySelectorAll('a')) if (anchor.protocol === 'javascript:') anchor.click();
  }, payloads.map(unguarded));
  await expect.poll(() => page.evaluate(() => window.violations.length)).toBeGreaterThan(20);
  expect(await page.evaluate(() => window.heard)).toEqual([]);
});
