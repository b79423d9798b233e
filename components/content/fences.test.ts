import { expect, it } from 'vitest';
import { fencedSpans } from './fences';

const fenced = (text: string) => fencedSpans(text).map(({ start, end }) => text.slice(start, end));

it('finds blocks of code with their fences', () => {
  expect(fenced('a\n```js\nf(1)\n```\nb\n~~~\n```\n~~~')).toEqual(['```js\nf(1)\n```', '~~~\n```\n~~~']);
});

it('closes a block with a fence of the same sign that is at least as long and says nothing', () => {
  expect(fenced('````\n```\n```js\n`````')).toEqual(['````\n```\n```js\n`````']);
});

it('takes what nothing closes for text, and goes on behind it', () => {
  expect(fenced('````\n~~~\na\n~~~\n```')).toEqual(['~~~\na\n~~~']);
  expect(fenced('```js')).toEqual([]);
});

it('knows no fence within a line, in indented code, or with a backtick behind it', () => {
  expect(fenced('a ```\n```')).toEqual([]);
  expect(fenced('    ```\na\n    ```')).toEqual([]);
  expect(fenced('```a```\nb\n```')).toEqual([]);
});
