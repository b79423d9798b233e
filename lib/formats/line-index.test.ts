import { expect, it } from 'vitest';
import { LineIndex } from './line-index';

it('finds the first line of every name that comes again, and of no other', () => {
  const index = new LineIndex();
  const name = (i: number) => `prompt-${i} ${i % 7 ? 'é' : '日本'}`;
  for (let i = 0; i < 200_000; i++) expect(index.firstLine(name(i), i + 1)).toBeUndefined();
  for (let i = 0; i < 200_000; i += 1999) expect(index.firstLine(name(i), 900_000)).toBe(i + 1);
  expect(index.firstLine('', 7)).toBeUndefined();
  expect(index.firstLine('', 8)).toBe(7);
});
