import { describe, expect, it } from 'vitest';
import { languageOf, preferredLanguage } from './locales';

describe('the language of somebody who has not chosen one', () => {
  it.each([
    ['ar', 'ar'],
    ['ar-EG,ar;q=0.9,en;q=0.8', 'ar'],
    ['fr-FR,fr;q=0.9,ja;q=0.8,en;q=0.7', 'ja'],
    ['en;q=0.5, ja;q=0.9', 'ja'],
    ['JA-jp', 'ja'],
    ['ar;q=0, en', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['constructor', 'en'],
    ['ja;q=nonsense', 'en'],
    ['', 'en'],
    [null, 'en'],
  ] as const)('%s: %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it('finds the language in the tag that Intl takes', () => {
    expect(languageOf('ar-u-nu-latn')).toBe('ar');
    expect(languageOf('xx')).toBe('en');
  });
});
