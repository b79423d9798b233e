import { readFileSync } from 'node:fs';

/** What another program said, one case a line: a file that lib/ranking/fixtures/make-expected.py wrote. */
export function readCases<T>(file: string): T[] {
  const text = readFileSync(new URL(`ranking/fixtures/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
