/** Code in the colours of its language: after everything else, and nothing is added but spans with classes of ours. */
import type { Element, ElementContent, Root, RootContent } from 'hast';
import type { highlighter as Highlighter } from './highlighter';
import { nodesIn, treeFits } from './text-budget';

/** Characters of one block of code, and of all of a text, that are coloured; nodes that this may add to a text. */
const MOST = { characters: 20_000, inAll: 60_000, nodes: 12_000 };

/** What some write where there is no language. */
const NO_LANGUAGE = new Set(['text', 'txt', 'plain', 'plaintext', 'none']);

/** Whether a text holds code that names a language. */
export const namesLanguage = (tree: Root): boolean => tree.children.some((block) => codeIn(block).length > 0);

/** The blocks of a tree that have code to colour, coloured, by their place. */
export function colouredBlocks(tree: Root, highlighter: typeof Highlighter): [place: number, block: RootContent][] {
  let characters = MOST.inAll;
  let nodes = MOST.nodes;
  return tree.children.flatMap((block, place): [number, RootContent][] => {
    const colours = new Map<Element, ElementContent[]>();
    for (const { code, language } of codeIn(block)) {
      const source = textIn(code);
      if (!highlighter.registered(language) || source.length > Math.min(MOST.characters, characters)) continue;
      characters -= source.length;
      const spans = asSpans(highlighter.highlight(language, source).children);
      const added = spans.reduce((sum, span) => sum + nodesIn(span), 0);
      if (added > nodes || spans.map(textIn).join('') !== source) continue;
      nodes -= added;
      colours.set(code, spans);
    }
    if (colours.size === 0) return [];
    const coloured = withChildren(block as Element, colours);
    return treeFits({ type: 'root', children: [coloured] }) ? [[place, coloured]] : [];
  });
}

function codeIn(node: RootContent | ElementContent): { code: Element; language: string }[] {
  if (node.type !== 'element') return [];
  const [only] = node.children;
  if (node.tagName !== 'pre' || only?.type !== 'element' || only.tagName !== 'code')
    return node.children.flatMap(codeIn);
  const names = Array.isArray(only.properties.className) ? only.properties.className.map(String) : [];
  const language = names
    .find((name) => name.startsWith('language-'))
    ?.slice('language-'.length)
    .toLowerCase();
  return language && !NO_LANGUAGE.has(language) ? [{ code: only, language }] : [];
}

/** The same element, with other children where it, or an element in it, has some. */
function withChildren(element: Element, children: ReadonlyMap<Element, ElementContent[]>): Element {
  const own = children.get(element);
  if (own) return { ...element, children: own };
  return {
    ...element,
    children: element.children.map((child) => (child.type === 'element' ? withChildren(child, children) : child)),
  };
}

/** Of what a highlighter makes of code only the text and the classes that we have colours for. */
function asSpans(nodes: readonly (RootContent | ElementContent)[]): ElementContent[] {
  return nodes.flatMap((node): ElementContent[] => {
    if (node.type === 'text') return [{ type: 'text', value: node.value }];
    if (node.type !== 'element') return [];
    const names = Array.isArray(node.properties.className) ? node.properties.className.map(String) : [];
    const className = names.filter((name) => /^hljs-[a-z-]{1,30}$/.test(name));
    const children = asSpans(node.children);
    return className.length === 0
      ? children
      : [{ type: 'element', tagName: 'span', properties: { className }, children }];
  });
}

function textIn(node: RootContent | ElementContent): string {
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textIn).join('') : '';
}
