import { describe, expect, it } from 'vitest';
import { textForm } from './text-form';

const form = (text: string) => textForm(text).markdown;

describe('textForm: what is plainly Markdown', () => {
  it.each([
    ['a fenced block', 'Try this:\n```js\nf(1)\n```'],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |'],
    ['a link', 'See [the page](https://example.org).'],
    ['bold words', 'The answer is **four**.'],
    ['a list with code in it', '- call `f`\n- call `g`'],
    ['headings with lists', '## Steps\n\n1. Look\n2. Leap'],
    ['headings of two levels', '# The bridge\n\nIt is old.\n\n## Its stones\n\nThey are grey.'],
    ['a fence closed by a longer one', '```\nf(1)\n`````'],
    ['a list whose items hold indented code', '# Use\n\n- call it\n\n      f(1)\n      g(1)\n- look'],
  ])('%s', (_, text) => {
    expect(form(text)).toBe(true);
  });
});

describe('textForm: what stays as it was written', () => {
  it.each([
    '# not a heading',
    '# not a heading\n\nand a sentence.',
    '# step one\n\nx = 1\n\n# step two\n\nx = 2',
    '# one\n## two\n\nA sentence.',
    'A man sleeps. So nobody runs.\n#### entailment',
    '18 eggs - 3 = 15 eggs.\n#### 15',
    'You get 5 * 3 * 2 = 30 of them.',
    '- He said so.\n- She did not.',
    'if (a < b) return x | y;',
    'a ** b ** c',
    'It costs $5 or $6.',
    'snake_case_names and __dunder__',
    'An unclosed ``` fence',
    '````\na shorter fence closes nothing\n```',
    '| a | b |\n|---|\n',
    '[words](https://example.org and no end',
    '> quoted\n\n- one item\n\n\n- another list',
    'Is this *really* so?',
    '[2] says so, [3] does not.',
  ])('%s', (text) => {
    expect(textForm(text)).toEqual({ markdown: false, math: false });
  });
});

describe('textForm: mathematics', () => {
  it('is seen with and without Markdown', () => {
    expect(textForm('# $x^2$')).toEqual({ markdown: false, math: true });
    expect(textForm('**So** $x^2$')).toEqual({ markdown: true, math: true });
  });
});
