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

/**
 * The text of an element as its text nodes hold it, node by node too, with ranges for parts of that text and the part
 * that a range covers. What stands in the element and is no part of its text (`data-not-text`) is passed over.
 */
export function textOf(element: Element): {
  text: string;
  pieces: string[];
  ranges: (spans: readonly Span[]) => Range[];
  spanOf: (range: Range) => Span | null;
} {
  const nodes: { node: Text; start: number }[] = [];
  let text = '';
  const walker = element.ownerDocument.createTreeWalker(
    element,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    (node) =>
      node instanceof Element && node.hasAttribute('data-not-text')
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    nodes.push({ node, start: text.length });
    text += node.data;
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
  const spanOf = (range: Range) => {
    const covered = nodes.flatMap(({ node, start }): Span[] => {
      if (!range.intersectsNode(node)) return [];
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.length;
      return from < to ? [{ start: start + from, end: start + to }] : [];
    });
    return covered.length === 0 ? null : { start: covered[0]!.start, end: covered.at(-1)!.end };
  };
  return { text, pieces: nodes.map(({ node }) => node.data), ranges, spanOf };
}
