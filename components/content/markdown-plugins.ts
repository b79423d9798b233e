/**
 * What stands between a stranger's Markdown and the page. Raw HTML is shown as the text it is, the rest goes through
 * an allow-list that knows no image, no style and no event; formulas are drawn only after that.
 */
import { defaultSchema, type Options as Schema } from 'rehype-sanitize';

/** The shape of a tree node, as far as these plugins look at it (mdast and hast share it). */
type Node = {
  type: string;
  value?: string;
  depth?: number;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
};

export const contentSchema: Schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter(
    (name) => !['picture', 'source', 'details', 'summary'].includes(name),
  ),
  attributes: {
    ...defaultSchema.attributes,
    '*': [],
    a: ['href', 'title'],
    // An image is never loaded: its address and its words are shown instead.
    img: ['src', 'alt'],
    code: [['className', /^language-[\w-]{1,40}$/, 'math-inline', 'math-display']],
    div: [],
    h2: [],
    input: [['type', 'checkbox'], ['disabled', true], 'checked'],
    li: [],
    ol: ['start'],
    section: [],
    td: ['align'],
    th: ['align'],
    ul: [],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
};

/** rehype: HTML in Markdown becomes the text that somebody typed; the sanitizer would make it vanish. */
export function rawHtmlAsText() {
  return (tree: Node): void => {
    walk(tree, (node) => {
      if (node.type === 'raw') node.type = 'text';
    });
  };
}

/** A heading with nothing below it is no heading but the last line of an answer ("#### 42"). */
export function lastHeadingAsText(tree: Node, source: string): void {
  const last = tree.children?.at(-1);
  if (last?.type !== 'heading') return;
  const { start, end } = last.position ?? {};
  last.type = 'paragraph';
  last.children = [{ type: 'text', value: source.slice(start?.offset ?? 0, end?.offset ?? 0) }];
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of node.children ?? []) walk(child, visit);
}
