import 'katex/dist/katex.min.css';
import type { ReactElement } from 'react';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import { markdownElement, remembered } from './markdown';
import { mathSpans, toMarkdownMath } from './math-spans';

/** No macros that reach outside, no endless expansion, nothing larger than the card. */
const katex = [
  rehypeKatex,
  { trust: false, strict: 'ignore', maxSize: 20, maxExpand: 200, errorColor: 'var(--color-bad)' },
] as const;
// Single dollars are handled by toMarkdownMath, which knows money when it sees it.
const math = [remarkMath, { singleDollarTextMath: false }] as const;

/** Markdown with formulas. */
export const renderMarkdownMath = remembered(
  (text: string): ReactElement => markdownElement(toMarkdownMath(text), { remark: [[...math]], rehype: [[...katex]] }),
);

/** Formulas in a text that is otherwise shown as it was written. */
export const renderPlainMath = remembered(
  (text: string): ReactElement => markdownElement(text, { remark: [plainTextWithMath], rehype: [[...katex]] }),
);

/** remark: throws the Markdown away; one paragraph of the text as it is, formulas marked the way remark-math does. */
function plainTextWithMath() {
  return (tree: { children: unknown[] }, file: unknown): void => {
    const text = String(file);
    const children: unknown[] = [];
    let at = 0;
    for (const { start, end, tex, display } of mathSpans(text)) {
      children.push({ type: 'text', value: text.slice(at, start) });
      const className = ['language-math', display ? 'math-display' : 'math-inline'];
      children.push({
        type: display ? 'math' : 'inlineMath',
        value: tex,
        data: { hName: 'code', hProperties: { className }, hChildren: [{ type: 'text', value: tex }] },
      });
      at = end;
    }
    children.push({ type: 'text', value: text.slice(at) });
    tree.children = [{ type: 'paragraph', children }];
  };
}
