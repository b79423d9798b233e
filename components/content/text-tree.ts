/** Texts as trees that a page can draw. Nothing here knows a page, so that it can run in a worker. */
import type { Root } from 'hast';
import type { Root as MarkdownRoot } from 'mdast';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { drawnMath } from './drawn-math';
import { contentSchema, lastHeadingAsText, rawHtmlAsText } from './markdown-plugins';
import { mathSpans, toMarkdownMath } from './math-spans';
import { markdownFits, treeFits } from './text-budget';
import type { TextForm } from './text-form';

const toMarkdown = unified().use(remarkParse).use(remarkGfm);
// Single dollars are handled by toMarkdownMath, which knows money when it sees it.
const toMarkdownWithMath = unified().use(remarkParse).use(remarkGfm).use(remarkMath, { singleDollarTextMath: false });

/** What is HTML in a text becomes text; then the allow-list; only after that are formulas drawn. */
const toTree = unified()
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rawHtmlAsText)
  .use(rehypeSanitize, contentSchema)
  .use(drawnMath);

/** The text as a tree to draw in place of it; null where that is more than a page can draw while it answers keys. */
export function textTree(text: string, form: TextForm): Root | null {
  try {
    const markdown = form.markdown ? parsed(text, form.math) : plainWithMath(text);
    if (!markdownFits(markdown)) return null;
    const tree = toTree.runSync(markdown) as Root;
    return treeFits(tree) ? withoutPositions(tree) : null;
  } catch (error) {
    // Nested deeper than the stack of calls.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parsed(text: string, math: boolean): MarkdownRoot {
  const source = math ? toMarkdownMath(text) : text;
  const tree = (math ? toMarkdownWithMath : toMarkdown).parse(source);
  lastHeadingAsText(tree, source);
  return tree;
}

/** The text as it is, a paragraph to the next empty line; formulas marked the way remark-math does. */
function plainWithMath(text: string): MarkdownRoot {
  const paragraphs: unknown[][] = [[]];
  const add = (value: string) => {
    // The line breaks stay where they are: at the end of the paragraph before.
    value.split(/(?<=\n\n)/).forEach((part, i) => {
      if (i > 0) paragraphs.push([]);
      paragraphs.at(-1)!.push({ type: 'text', value: part });
    });
  };
  let at = 0;
  for (const { start, end, tex, display } of mathSpans(text)) {
    add(text.slice(at, start));
    const className = ['language-math', display ? 'math-display' : 'math-inline'];
    paragraphs.at(-1)!.push({
      type: display ? 'math' : 'inlineMath',
      value: tex,
      data: { hName: 'code', hProperties: { className }, hChildren: [{ type: 'text', value: tex }] },
    });
    at = end;
  }
  add(text.slice(at));
  const children = paragraphs.map((parts) => ({ type: 'paragraph', children: parts }));
  return { type: 'root', children } as unknown as MarkdownRoot;
}

type Node = { position?: unknown; children?: Node[] };

/** Where a node was in its source is of no use to a page, and half of what would be sent there. */
function withoutPositions<T extends Node>(tree: T): T {
  delete tree.position;
  for (const child of tree.children ?? []) withoutPositions(child);
  return tree;
}
