import { expect, it } from 'vitest';
import { writtenLanguages } from './written-languages';

it('reads tags between commas or spaces, each once', () => {
  expect(writtenLanguages(' ja, pt-BR،ar、ko  JA; ')).toEqual(['ja', 'pt-br', 'ar', 'ko']);
  expect(writtenLanguages('')).toEqual([]);
});
