import type { Element, ElementContent, Root } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import katex from 'katex';

/** No macros that reach outside, no endless expansion, nothing larger than the card. */
const options = {
  trust: false,
  strict: 'ignore',
  maxSize: 20,
  maxExpand: 200,
  errorColor: 'var(--color-bad)',
  throwOnError: false,
} as const;

/** rehype: formulas as KaTeX draws them. Needs no page, unlike rehype-katex, whose browser build parses by one. */
export function drawnMath() {
  return (tree: Root): void => draw(tree);
}

function draw(parent: Root | Element): void {
  parent.children = (parent.children as ElementContent[]).flatMap((child) => {
    if (child.type !== 'element') return [child];
    const [only, ...more] = child.tagName === 'pre' ? child.children : [];
    const code = only?.type === 'element' && more.length === 0 ? only : child;
    const kind = kindOf(code);
    if (kind) return formula(code, kind === 'display') ?? [child];
    draw(child);
    return [child];
  });
}

function kindOf({ tagName, properties }: Element): 'inline' | 'display' | null {
  const names = Array.isArray(properties.className) ? properties.className : [];
  if (tagName !== 'code') return null;
  if (names.includes('math-inline')) return 'inline';
  return names.includes('math-display') || names.includes('language-math') ? 'display' : null;
}

function formula(code: Element, displayMode: boolean): ElementContent[] | null {
  const tex = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
  try {
    const html = katex.renderToString(tex, { ...options, displayMode });
    return fromHtml(html, { fragment: true }).children as ElementContent[];
  } catch {
    // What KaTeX itself stumbles over stays as its source.
    return null;
  }
}
