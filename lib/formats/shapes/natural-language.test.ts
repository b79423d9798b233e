import { describe, expect, it } from 'vitest';
import { naturalLanguage } from './natural-language';

describe('a language as files name it', () => {
  it.each([
    ['en', 'en'],
    ['EN', 'en'],
    ['English', 'en'],
    ['chinese', 'zh'],
    ['Romanian', 'ro'],
    ['pt-BR', 'pt-br'],
    ['pt_BR', 'pt-br'],
    ['zh-Hant-TW', 'zh-hant-tw'],
    ['uk-UA', 'uk-ua'],
    ['yue', 'yue'],
  ])('%s is %s', (name, tag) => expect(naturalLanguage(name)).toBe(tag));

  it.each(['unknown', 'python', 'C++', 'javascript', 'rust', 'java', 'go lang', 'xx', '', 'multi', 'c#', 'typescript'])(
    '%s is none',
    (name) => expect(naturalLanguage(name)).toBeUndefined(),
  );
});
