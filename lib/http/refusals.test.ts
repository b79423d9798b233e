/** Through real routes: the same refusal, in the language of whoever asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST as signIn } from '@/app/api/auth/[...all]/route';
import { POST as preview } from '@/app/api/projects/[projectId]/import/preview/route';
import { POST as createProject } from '@/app/api/projects/route';
import { createAuth } from '@/lib/auth/auth';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { acceptInvite } from '@/lib/services/accept-invite';
import { createSetupInvite } from '@/lib/services/invites';
import { errorResponse } from './route';

interface Answer {
  error: { code: string; key: string; message: string; details?: unknown };
}

const site = 'http://localhost';
const password = 'correct horse battery staple';
const request = (path: string, body: BodyInit, headers: Record<string, string>) =>
  new Request(`${site}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', host: 'localhost', origin: site, ...headers },
  });

const held = globalThis as { rescueDatabase?: unknown; rescueAuth?: unknown };

describeOnEachDatabase('a refusal is in the language of the request', (database) => {
  let session = '';
  let projectId = '';
  beforeAll(async () => {
    const db = database();
    held.rescueDatabase = Promise.resolve({ db, kind: 'pglite', close: async () => undefined });
    held.rescueAuth = Promise.resolve(createAuth(db, 'a secret of at least thirty-two characters'));
    const invite = await createSetupInvite(db);
    await acceptInvite(db, invite!.token, { name: 'Ada', email: 'ada@example.org', password });
    const answer = await signIn(
      request('/api/auth/sign-in/email', JSON.stringify({ email: 'ada@example.org', password }), {}),
    );
    session = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    const made = await createProject(
      request('/api/projects', JSON.stringify({ name: 'P' }), { cookie: session }),
      none,
    );
    projectId = ((await made.json()) as { project: { id: string } }).project.id;
  });
  afterAll(() => {
    held.rescueDatabase = undefined;
    held.rescueAuth = undefined;
  });

  let guesses = 0;
  const none = { params: Promise.resolve({}) };
  const wrongPassword = async (headers: Record<string, string>) => {
    // Somebody else each time: nobody has to wait.
    const body = JSON.stringify({ email: `nobody-${++guesses}@example.org`, password: 'another one' });
    return (await (await signIn(request('/api/auth/sign-in/email', body, headers))).json()) as Answer;
  };
  const withoutName = async (headers: Record<string, string>) => {
    const cookie = [session, headers.cookie].filter(Boolean).join('; ');
    const answer = await createProject(request('/api/projects', '{"name":" "}', { ...headers, cookie }), none);
    expect(answer.status).toBe(400);
    return (await answer.json()) as Answer;
  };

  it.each([
    ['nothing, as scripts do', {}, 'Wrong e-mail or password.', 'name: is required'],
    ['Accept-Language: en', { 'accept-language': 'en-GB' }, 'Wrong e-mail or password.', 'name: is required'],
    [
      'Accept-Language: ar',
      { 'accept-language': 'ar-EG,en;q=0.5' },
      'البريد الإلكتروني أو كلمة المرور غير صحيحة.',
      'الاسم: يحتاج إلى اسم.',
    ],
    [
      'Accept-Language: ja',
      { 'accept-language': 'ja' },
      'メールアドレスまたはパスワードが正しくありません。',
      '名前：名前を入力してください。',
    ],
    [
      'the cookie over Accept-Language',
      { cookie: 'language=ar', 'accept-language': 'ja' },
      'البريد الإلكتروني أو كلمة المرور غير صحيحة.',
      'الاسم: يحتاج إلى اسم.',
    ],
    [
      'a language that the app does not speak',
      { cookie: 'language=xx', 'accept-language': 'fr' },
      'Wrong e-mail or password.',
      'name: is required',
    ],
  ])('asked with %s', async (_, headers: Record<string, string>, password_, name) => {
    expect((await wrongPassword(headers)).error).toEqual({
      code: 'invalid_email_or_password',
      key: 'refusals.wrongPassword',
      message: password_,
    });
    const { error } = await withoutName(headers);
    expect(error).toMatchObject({ code: 'invalid', key: 'refusals.notValid', message: name });
    expect(error.details).toEqual([{ field: 'name', message: name.split(/: |：/)[1] }]);
  });

  it('line by line of an import, while everything else of the answer stays', async () => {
    const lines = [
      '{"external_id":"a","prompt":"Why?","responses":[{"text":"A"}]}',
      'not json',
      '{"prompt":"Why?","responses":[{"text":"A"},{"text":""}]}',
    ];
    const errorsIn = async (language: string) => {
      const answer = await preview(
        request(`/api/projects/${projectId}/import/preview`, lines.join('\n'), {
          cookie: `${session}; language=${language}`,
        }),
        { params: Promise.resolve({ projectId }) },
      );
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { errors: { line: number; message: string }[] }).errors;
    };
    const english = await errorsIn('en');
    expect(english[0]).toEqual({ line: 1, message: 'responses: must hold at least 2 responses' });
    expect(english[1]!.message).toBe('the line is not valid JSON: unexpected “not” at column 1');
    expect(await errorsIn('ar')).toEqual([
      { line: 1, message: 'responses: يجب ألا يقل عن ردّين.' },
      { line: 2, message: 'السطر ليس JSON صحيحًا: «not» في غير موضعه عند العمود 1' },
      { line: 3, message: '\u2068responses[1].text\u2069: لا يجوز أن يكون فارغًا.' },
    ]);
    expect(await errorsIn('ja')).toEqual([
      { line: 1, message: 'responses：応答は 2 件以上必要です。' },
      { line: 2, message: '行が正しい JSON ではありません：1 文字目に予期しない「not」があります' },
      { line: 3, message: 'responses[1].text：空にはできません。' },
    ]);
  });

  it('signed out, and from another site', async () => {
    const headers = { 'accept-language': 'ja' };
    const out = await createProject(request('/api/projects', '{"name":"P"}', headers), none);
    expect(((await out.json()) as Answer).error.message).toBe('先にサインインしてください。');
    const elsewhere = await createProject(
      request('/api/projects', '{}', { ...headers, origin: 'http://evil.example' }),
      none,
    );
    expect(((await elsewhere.json()) as Answer).error).toMatchObject({ code: 'forbidden', key: 'refusals.otherSite' });
  });
});

describe('an internal error', () => {
  it('reveals no details, in the language of the request', async () => {
    const answer = errorResponse(new Error('secret'), request('/', '{}', { 'accept-language': 'ar' }));
    expect(answer.status).toBe(500);
    expect(((await answer.json()) as Answer).error).toEqual({
      code: 'internal',
      key: 'refusals.internal',
      message: 'حدث خطأ في الخادم. التفاصيل في سجله.',
    });
  });
});
