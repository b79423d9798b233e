import type { TagColor } from '@/lib/schemas/remarks';
import type { Span } from './shared-spans';

/** The names that content.css and board.css colour. */
export type HighlightName = 'search' | 'search-current' | 'shared' | 'difference' | `mark-${TagColor}`;

/**
 * Colours ranges of text without touching the elements that hold it (CSS Custom Highlight API), so a highlight costs
 * no rendering. Browsers without it show the text as it is.
 */
export function showHighlight(name: HighlightName, ranges: readonly Range[]): void {
  if (typeof CSS === 'undefined' || !('highlights' in CSS)) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

/** The text of an element as its text nodes hold it, node by node too, and ranges for parts of that text. */
export function textOf(element: Element): {
  text: string;
  pieces: string[];
  ranges: (spans: readonly Span[]) => Range[];
} {
  const nodes: { node: Text; start: number }[] = [];
  let text = '';
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push({ node: node as Text, start: text.length });
    text += node.nodeValue ?? '';
  }
  const locate = (offset: number, from: number) => {
    let at = from;
    while (at + 1 < nodes.length && nodes[at + 1]!.start <= offset) at++;
    return at;
  };
  const ranges = (spans: readonly Span[]) => {
    let at = 0;
    return spans.map(({ start, end }) => {
      at = locate(start, at);
      const last = locate(end - 1, at);
      const range = element.ownerDocument.createRange();
      range.setStart(nodes[at]!.node, start - nodes[at]!.start);
      range.setEnd(nodes[last]!.node, end - nodes[last]!.start);
      return range;
    });
  };
  return { text, pieces: nodes.map(({ node }) => node.nodeValue ?? ''), ranges };
}
