import { createTranslator, type Messages } from 'next-intl';
import { describe, expect, it } from 'vitest';
import { failureOf } from '@/components/train/worker-failure';
import { LANGUAGES, type Language } from '@/lib/i18n/locales';
import ar from '@/messages/ar.json';
import en from '@/messages/en.json';
import ja from '@/messages/ja.json';
import { message } from '@/trainer/contract/message';
import { TrainerError } from '@/trainer/index';
import { ApiError } from './api';
import { BrowserError, MessageError } from './browser-error';
import { errorSentence, type Sentences } from './error-sentence';

const all: Record<Language, Messages> = { en, ar, ja };

/** What a page says that has these namespaces. */
function says(language: Language, error: unknown, namespaces: (keyof Messages)[] = ['ui', 'trainer']): string {
  const { tag } = LANGUAGES[language];
  const messages = Object.fromEntries(namespaces.map((name) => [name, all[language][name]])) as unknown as Messages;
  return errorSentence(createTranslator({ locale: tag, messages }) as unknown as Sentences, tag, error);
}

/** As a worker hands it over and the page takes it. */
const throughWorker = (error: unknown) => {
  const { translatable: heard, message } = structuredClone(failureOf(error));
  return new MessageError(heard, message ?? undefined);
};

describe('a failure in a worker', () => {
  const lost = new TrainerError(
    message('tryingAgainFrom', { reason: message('gpuLost', { detail: 'reset' }), step: 40, retry: 2, retries: 3 }),
  );

  it('is a sentence in the language of the page', () => {
    const error = throughWorker(lost);
    expect(says('en', error)).toBe('The GPU was lost: reset; trying again from the checkpoint of step 40 (2 of 3).');
    expect(says('ar', error)).toBe('فُقد الاتصال ببطاقة الرسوم؛ المحاولة مجددًا من نقطة حفظ الخطوة 40 (2 من 3).');
    expect(says('ja', error)).toBe(
      'GPU が失われました。ステップ 40 のチェックポイントからやり直しています（3 回中 2 回目）。',
    );
  });

  it('keeps a file name’s spelling at the start of the sentence', () => {
    const error = throughWorker(
      new TrainerError(message('inFile', { file: 'model.safetensors', reason: message('headerEmpty') })),
    );
    expect(says('en', error)).toBe('model.safetensors: the header is empty.');
    expect(says('ar', error)).toBe('\u2068model.safetensors\u2069: الترويسة فارغة.');
  });

  it('is in English if the page lacks the message or a nested one', () => {
    expect(says('ar', throughWorker(lost), ['ui'])).toMatch(/^The GPU was lost/);
    const within = new BrowserError('notLoaded', { what: 'model', file: '', reason: { key: 'trainer.nobodyKnows' } });
    expect(says('ar', within)).toBe('ui.failures.notLoaded');
  });

  it.each([
    [new RangeError('Array buffer allocation failed'), 'これ以上メモリーを確保できません。'],
    [new DOMException('No room.', 'QuotaExceededError'), 'ファイルを保存する空きがありません。'],
    [new TypeError('x is undefined'), '予期しない問題が起きました：x is undefined。'],
  ])('that nobody foresaw is told as well as it can be: %s', (error, sentence) => {
    expect(says('ja', throughWorker(error))).toBe(sentence);
  });
});

describe('what a page fails at by itself', () => {
  it.each([
    [new ApiError(409, 'conflict', 'كما قال الخادم.'), 'كما قال الخادم.'],
    [new ApiError(0, 'network', 'The server did not answer.'), ar.ui.errors.network],
    [new ApiError(200, 'not_json', 'x'), ar.ui.errors.not_json],
    [new ApiError(404, 'unexplained', 'x'), ar.ui.errors.status[404]],
    [new ApiError(502, 'unexplained', 'x'), ar.ui.errors.status.other.replace('{status}', '502')],
    [new Error('boom'), 'خلل غير متوقع: boom'],
    ['كلمات جاهزة.', 'كلمات جاهزة.'],
    [undefined, ar.ui.errors.unknown],
  ])('%s', (error, sentence) => {
    expect(says('ar', error)).toBe(sentence);
  });
});
