import { describe, expect, it } from 'vitest';
import { colouredBlocks, namesLanguage } from './code-colours';
import { highlighter } from './highlighter';
import { textTree } from './text-tree';

const treeOf = (text: string) => textTree(text, { markdown: true, math: false })!;
const coloured = (text: string) => colouredBlocks(treeOf(text), highlighter);
const fence = (language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\``;

type Node = { type: string; tagName?: string; value?: string; properties?: object; children?: Node[] };
const elementsIn = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(elementsIn)];
const textIn = (node: Node): string => node.value ?? (node.children ?? []).map(textIn).join('');

describe('code that names its language', () => {
  it('is coloured where it stands, and nothing else is', () => {
    const text = `Words.\n\n${fence('js', 'const x = "a";')}\n\n- in a list\n\n  ${fence('py', 'def f(): pass').replaceAll('\n', '\n  ')}`;
    const blocks = coloured(text);
    expect(blocks.map(([place]) => treeOf(text).children.indexOf(treeOf(text).children[place]!))).not.toContain(0);
    expect(blocks).toHaveLength(2);
    for (const [place, block] of blocks) expect(textIn(block)).toBe(textIn(treeOf(text).children[place]!));
    expect(JSON.stringify(blocks)).toMatch(/hljs-keyword.*hljs-string.*hljs-keyword/);
  });

  it('gets spans with classes of ours, and no other element or attribute', () => {
    const code = '<a href="javascript:alert(1)" onclick="x()">b</a> <img src=x onerror=alert(1)>';
    for (const language of ['html', 'js', 'markdown', 'php', 'css', 'yaml', 'bash']) {
      for (const [, block] of coloured(fence(language, code))) {
        const spans = elementsIn(block).filter(({ tagName }) => tagName === 'span');
        for (const { properties } of spans) {
          expect(Object.keys(properties!)).toEqual(['className']);
          expect(
            Object.values(properties!)
              .flat()
              .every((name) => /^hljs-[a-z-]+$/.test(name)),
          ).toBe(true);
        }
        const tags = new Set(elementsIn(block).flatMap(({ tagName }) => tagName ?? []));
        expect([...tags].filter((tag) => !['pre', 'code', 'span'].includes(tag))).toEqual([]);
        expect(textIn(block)).toBe(`${code}\n`);
      }
    }
  });
});

describe('code without colours', () => {
  it.each([
    ['names no language', fence('', 'const x = 1')],
    ['says that it is text', fence('text', 'const x = 1')],
  ])('%s', (_, text) => {
    expect(namesLanguage(treeOf(text))).toBe(false);
  });

  it.each([
    ['is in a language that is not known', fence('klingon', 'const x = 1')],
    ['is long', fence('js', 'const x = 1;\n'.repeat(2000))],
    ['would be more than a page can draw', fence('json', '[1,'.repeat(6000))],
  ])('%s', (_, text) => {
    expect(namesLanguage(treeOf(text))).toBe(true);
    expect(coloured(text)).toEqual([]);
  });

  it('comes behind as much of it as a text may have', () => {
    const text = fence('js', 'const value = "a string of some length"; // and a comment\n'.repeat(250));
    const blocks = coloured(Array(8).fill(text).join('\n\n'));
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.length).toBeLessThan(8);
  });
});
