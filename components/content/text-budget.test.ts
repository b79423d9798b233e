import { describe, expect, it } from 'vitest';
import { textTree } from './text-tree';

const tree = (text: string) => textTree(text, { markdown: true, math: false });

describe('what a page cannot draw while it answers keys stays as it was written', () => {
  it.each([
    ['a table whose short rows are filled up', `|${'a|'.repeat(200)}\n|${'-|'.repeat(200)}\n${'|a\n'.repeat(400)}`],
    [
      'many references to one long address',
      `${'[a][b] '.repeat(5000)}\n\n[b]: https://example.org/${'x'.repeat(2000)}`,
    ],
    ['one block of many elements', '*a* '.repeat(3000)],
    ['many blocks', 'a\n\n'.repeat(16_000)],
    ['quotes within quotes', `${'> '.repeat(200)}deep`],
    ['a paragraph without an end', 'word '.repeat(5000)],
    ['a word without an end', 'w'.repeat(2500)],
    ['addresses without an end', `[a](https://example.org/${'x'.repeat(1900)}) `.repeat(300)],
  ])('%s', (_, text) => {
    expect(tree(text)).toBeNull();
  });
});

describe('what people write is drawn', () => {
  it.each([
    [
      'an essay of 3,000 words',
      `# Title\n\n${'A sentence of several words, as they stand in essays. '.repeat(40)}\n\n`.repeat(8),
    ],
    ['a table of 60 rows', `| a | b |\n|---|---|\n${'| one | two |\n'.repeat(60)}`],
    ['long lines of code', `\`\`\`\n${'x'.repeat(5000)}\n\`\`\``],
    ['lists in lists', '- a\n  - b\n    - c\n'.repeat(100)],
  ])('%s', (_, text) => {
    expect(tree(text)).not.toBeNull();
  });
});
