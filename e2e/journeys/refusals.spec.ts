/**
 * What the server refuses, what a file gets wrong and what the trainer fails at, as people who read Arabic or Japanese
 * meet it: in their language, and no word of it in English.
 */
import { cp, mkdir, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import ar from '../../messages/ar.json' with { type: 'json' };
import ja from '../../messages/ja.json' with { type: 'json' };
import { expectNoEnglish, expectNoEnglishNow, latinWords } from '../no-english';
import { join, PASSWORD, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let admin: Person;
let folder = '';
test.beforeAll(async () => {
  server = await startServer();
  admin = await join(server, server.setupUrl, 'Ada');
  folder = await mkdtemp(joinPath(tmpdir(), 'rescue-refusals-'));
  await mkdir(joinPath(folder, 'broken'));
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']) {
    await cp(joinPath('public/models/demo', name), joinPath(folder, 'broken', name));
  }
  await truncate(joinPath(folder, 'broken', 'model.safetensors'), 90_000);
});
test.afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A project with a snapshot that can be trained on, whose last prompt is longer than `tokens` words. */
async function makeProject(tokens = 0): Promise<string> {
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'أرقام 数' });
  const path = `/projects/${body.project.id}`;
  const lines = promptLines(4).replaceAll(
    'Which number follows 3?',
    `Which number follows 3?${' Count.'.repeat(tokens)}`,
  );
  expect((await admin.ask('POST', `${path}/import`, undefined, { text: lines })).status).toBe(200);
  const snapshot = await admin.ask('POST', `${path}/snapshots`, { name: 'S', strategy: 'human' });
  expect(snapshot.status).toBe(201);
  return path;
}

async function signInTo(context: BrowserContext, language: string): Promise<void> {
  const cookies = [...admin.cookie.split('; '), `language=${language}`].map((cookie) => cookie.split('='));
  await context.addCookies(
    cookies.map(([name, ...value]) => ({ name: name!, value: value.join('='), url: server.url })),
  );
}

const badLines = [
  '{"external_id":"prompt-1","prompt":"Why?","responses":[{"text":"A"}]}',
  'not json',
  '{"prompt":[{"role":"tool","content":"x"}],"responses":[{"text":"A"},{"text":""},{"text":"C","id":[7]}]}',
  '["a"]',
  promptLines(1),
  promptLines(1),
].join('\n');
/** As a file calls its fields: they stand in sentences about them. */
const FIELDS = [
  'external',
  'id',
  'prompt',
  'role',
  'text',
  'responses',
  'content',
  'source',
  'human',
  'label',
  'system',
  'user',
  'assistant',
  'JSON',
];
/** Names of models and of what they come from. */
const MODELS = ['broken', 'Llama', 'Mistral', 'SmolLM', 'Qwen', 'MODELS', 'DIR', 'huggingface', 'co'];
const FILES = [
  'model',
  'safetensors',
  'offsets',
  'data',
  'Hugging',
  'Face',
  'config',
  'json',
  'tokenizer',
  'layers',
  'self',
  'attn',
  'mlp',
  'proj',
  'weight',
  'norm',
  'embed',
  'tokens',
];

const readers = [
  {
    language: 'ar',
    words: ar,
    wrongPassword: 'البريد الإلكتروني أو كلمة المرور',
    taken: 'لهذا البريد الإلكتروني حساب بالفعل. سجّل الدخول بدلًا من ذلك.',
    lines: [
      'responses: يجب ألا يقل عن ردّين.',
      /السطر ليس JSON صحيحًا: /,
      /\[0\]\.role.*: يجب أن يكون إحدى هذه القيم/,
      /responses\[1\]\.text.*: لا يجوز أن يكون فارغًا\./,
      /responses\[2\]\.id.*: يجب أن يكون نصًّا، لا قائمة/,
      /يجب أن يكون السطر كائن JSON/,
      /مستعملة من قبل في السطر 5\./,
    ],
    stale: 'نشر شخص آخر إصدارًا آخر في أثناء ذلك. راجعه أولًا.',
    brokenModel:
      /^.?model\.safetensors.?: الموتر «.*»: تنتهي بياناته عند البايت [\d,]+، وليس في الملف من البيانات إلا .* بايت/,
    tooLong: /يأخذ الطلب «.*prompt-3.*» .* وأطول ردوده \d+، والمجموع [\d,]+؛ ولا يتسع المكان لأكثر من [\d,]+\./,
    failedRun: /تعذّر تحميل ملف النموذج .*model\.safetensors.*: أجاب الخادم بالحالة 503\./,
  },
  {
    language: 'ja',
    words: ja,
    wrongPassword: 'メールアドレスまたはパスワード',
    taken: 'このメールアドレスはすでに使われています。代わりにサインインしてください。',
    lines: [
      'responses：応答は 2 件以上必要です。',
      /行が正しい JSON ではありません：/,
      /\[0\]\.role：次のいずれかにしてください/,
      'responses[1].text：空にはできません。',
      'responses[2].id：文字列にしてください（リストになっています）',
      '行は JSON オブジェクト { … } にしてください。',
      'external_id「prompt-0」は 5 行目ですでに使われています。',
    ],
    stale: 'その間に別の人が新しいバージョンを公開しました。先に確認してください。',
    brokenModel:
      /^model\.safetensors：テンソル「.*」：データの終わりは [\d,]+ バイト目ですが、ファイルのデータは [\d,]+ バイトしかありません。$/,
    tooLong:
      /プロンプト「prompt-3」は [\d,]+ トークン、最長の応答は \d+ トークンで、合わせて [\d,]+ トークンです。[\d,]+ トークンまで入ります。/,
    failedRun: 'モデルの model.safetensors を読み込めませんでした：サーバーの返答はステータス 503 でした。',
  },
] as const;

const alertOf = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ });

for (const reader of readers) {
  const { language, words } = reader;
  test.describe(language, () => {
    test('signing in and being invited', async ({ page, context }) => {
      await context.addCookies([{ name: 'language', value: language, url: server.url }]);
      await page.goto(`${server.url}/sign-in`);
      await page.getByLabel(words.account.email).fill('ada@example.org');
      await page.getByLabel(words.account.password).fill('not the right one');
      await page.getByRole('button', { name: words.account.signIn, exact: true }).click();
      await expect(alertOf(page)).toContainText(reader.wrongPassword);
      await expectNoEnglish(page, 'a wrong password');

      const { body } = await admin.ask<{ url: string }>('POST', '/invites', { role: 'annotator' });
      await page.goto(body.url);
      await page.getByLabel(words.account.name).fill('アダ');
      await page.getByLabel(words.account.email).fill('ada@example.org');
      await page.getByLabel(words.account.password).fill(PASSWORD);
      await page.getByRole('button', { name: words.account.createAccount }).click();
      await expect(alertOf(page)).toContainText(reader.taken);
      await expectNoEnglish(page, 'an address that is taken');
    });

    test('an import with several bad lines', async ({ page, context }) => {
      const project = await makeProject();
      await signInTo(context, language);
      await page.goto(`${server.url}${project}/import`);
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'x.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(badLines) });
      const reasons = page.getByRole('table').first();
      for (const reason of reader.lines)
        await expect(reasons.getByRole('cell').filter({ hasText: reason })).not.toHaveCount(0);
      await expectNoEnglish(page, 'the lines', [...FIELDS, 'jsonl', 'first', 'second', 'model', 'not']);
    });

    test('guidelines that somebody else published meanwhile', async ({ page, context }) => {
      const project = await makeProject();
      await signInTo(context, language);
      await page.goto(`${server.url}${project}/settings`);
      await page.getByLabel(words.settings.guidelinesText).fill('次 التالي');
      const meanwhile = await admin.ask('POST', `${project}/guidelines`, { baseVersion: 0, body: 'x', examples: [] });
      expect(meanwhile.status).toBeLessThan(300);
      await page.getByRole('button', { name: words.settings.publishVersion.replace('{value}', '1') }).click();
      await expect(alertOf(page)).toContainText(reader.stale);
      await expectNoEnglish(page, 'a stale version', [
        'Excellent',
        'Good',
        'Weak',
        'Bad',
        'Wrong',
        'fact',
        'Unsafe',
        'Off',
        'topic',
        'Incomplete',
        'ID',
      ]);
    });

    test('a model whose file is cut off', async ({ page, context }) => {
      await signInTo(context, language);
      await page.goto(`${server.url}/models`);
      await page.getByRole('button', { name: words.models.addModel }).first().click();
      await page.getByRole('dialog').getByLabel(words.models.modelFolder).setInputFiles(joinPath(folder, 'broken'));
      await page.getByRole('dialog').getByRole('button', { name: words.models.checkAndAdd }).click();
      await expect(alertOf(page).getByText(reader.brokenModel)).toBeVisible();
      await expectNoEnglish(page, 'a broken model', [...FILES, ...MODELS]);
    });

    test('a training that is refused, and one that fails', async ({ page, context }) => {
      const project = await makeProject(900);
      await signInTo(context, language);
      await page.goto(`${server.url}${project}/train`);
      await expect(alertOf(page)).toContainText(reader.tooLong);
      await expect(page.getByRole('button', { name: words.train.startTraining })).toBeDisabled();
      await expectNoEnglish(page, 'a prompt that is too long', [
        'Demo',
        'model',
        'LoRA',
        'SFT',
        'GPU',
        'AdamW',
        'alpha',
        'proj',
        'seed',
      ]);

      const shorter = await makeProject();
      await page.route('**/files/model.safetensors', (route) => route.fulfill({ status: 503, body: '' }));
      await page.goto(`${server.url}${shorter}/train`);
      await page.getByRole('button', { name: words.train.startTraining }).click();
      await expect(alertOf(page).getByText(reader.failedRun)).toBeVisible();
      await expectNoEnglishNow(page, 'a failed run', [
        'model',
        'safetensors',
        'Demo',
        'CPU',
        'WebAssembly',
        'SIMD',
        'threads',
        'thread',
        'LoRA',
        'GPU',
        'relaxed',
      ]);

      // It is stored by its key: whoever reads it later has it in another language.
      await context.addCookies([{ name: 'language', value: 'en', url: server.url }]);
      await page.reload();
      await expect(alertOf(page)).toContainText(
        'The model’s model.safetensors could not be loaded: the server answered 503.',
      );
      // The control: that sentence would have been seen.
      expect(await latinWords(page)).toEqual(expect.arrayContaining(['could', 'loaded', 'answered']));
    });
  });
}
