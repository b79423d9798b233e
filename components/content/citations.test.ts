import type { Element } from 'hast';
import { describe, expect, it } from 'vitest';
import { citationsIn, cutAtCitations, withCitations } from './citations';
import { textTree } from './text-tree';

/** Cited numbers behind what is pressed. */
const cited = (text: string, documents = 3) =>
  citationsIn(text, documents).map(({ start, end, document }) => `${text.slice(start, end)}${document}`);

describe('citationsIn', () => {
  it('finds numbers in brackets, one or several', () => {
    expect(cited('It reopened in 2016[2], as [1][3] say [1, 3] [2,3].')).toEqual(
      ['[2]2', '[1]1', '[3]3'].concat(['11', '33', '22', '33']),
    );
  });

  it('knows no document that is not there', () => {
    expect(cited('[0] [4] [2, 4] [1000]')).toEqual(['22']);
    expect(cited('[1]', 0)).toEqual([]);
  });

  it('leaves links, words and fenced code alone', () => {
    expect(cited('[1](https://example.org) [a 1] [1] [x][] [^1]')).toEqual(['[1]1']);
    expect(cited('```\na[1]\n```\n[2]')).toEqual(['[2]2']);
  });

  it('takes a list of numbers for no text with citations', () => {
    expect(cited('[1]'.repeat(501))).toEqual([]);
  });
});

it('cuts a text and loses nothing', () => {
  const text = 'So [1, 3], and [2][9].';
  expect(
    cutAtCitations(text, 3)
      .map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join(''),
  ).toBe(text);
});

describe('withCitations', () => {
  type Node = { type: string; tagName?: string; value?: string; properties?: Element['properties']; children?: Node[] };
  const textIn = (node: Node): string => node.value ?? (node.children ?? []).map(textIn).join('');
  const buttonsIn = (node: Node): string[] =>
    node.tagName === 'button' ? [`${textIn(node)}${node.properties?.value}`] : (node.children ?? []).flatMap(buttonsIn);
  const blocks = (text: string, math = false) => textTree(text, { markdown: true, math })!.children;

  it('makes buttons in every kind of text, with the text as it was', () => {
    const text = '# One [1]\n\nTwo **[2]** and\n\n- three [1, 3]\n\n| a [2] |\n|---|\n| b |';
    expect(blocks(text).flatMap((block) => buttonsIn(withCitations(block, 3) as Node))).toEqual(
      ['[1]1', '[2]2'].concat(['11', '33', '[2]2']),
    );
    for (const block of blocks(text)) expect(textIn(withCitations(block, 3) as Node)).toBe(textIn(block as Node));
  });

  it('makes none in code, links and formulas', () => {
    const text = '`a[1]` [see [2]](https://example.org) $x[3] = y_1$\n\n```js\na[1]\n```';
    expect(blocks(text, true).flatMap((block) => buttonsIn(withCitations(block, 3) as Node))).toEqual([]);
  });
});
