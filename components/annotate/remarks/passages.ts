/** Highlighted passages on the page: where they are drawn, and what a selection of drawn text stands for. */
import { type Alignment, alignParts, type DrawnPart } from '@/components/content/alignment';
import { showHighlight, textOf } from '@/components/content/highlight';
import type { ShownText } from '@/components/content/self-names';
import type { Span } from '@/components/content/shared-spans';
import { tagColors } from '@/lib/schemas/remark-keys';
import { splitsPair } from '@/lib/schemas/remark-rules';
import type { Highlight, IssueTag } from '@/lib/schemas/remarks';

/** By response id. Highlights are offsets in the stored text; `ShownText` converts them to offsets in what is shown. */
export type Texts = ReadonlyMap<string, ShownText>;

/** Cards are drawn often and change seldom, so each alignment is cached with the element that it describes. */
const alignments = new WeakMap<Element, { shown: string; alignment: Alignment }>();

function readCard(element: Element, { text: written }: ShownText) {
  const { text, pieces, ranges, spanOf } = textOf(element);
  const last = alignments.get(element);
  const parts = () => drawnParts(element) ?? [{ start: 0, end: written.length, pieces }];
  const alignment = last?.shown === text ? last.alignment : alignParts(written, parts());
  alignments.set(element, { shown: text, alignment });
  return { alignment, ranges, spanOf };
}

/** Where a response is drawn in parts, what they say of themselves: see `ResponseText`. */
function drawnParts(element: Element): DrawnPart[] | null {
  const parts = [...element.querySelectorAll<HTMLElement>('[data-text-part]')].map((part) => {
    const [start = 0, end = 0] = part.dataset.textPart!.split('-').map(Number);
    return { start, end, pieces: textOf(part).pieces };
  });
  return parts.length > 0 ? parts : null;
}

/** Colours all highlights in the texts that are on screen. */
export function drawHighlights(
  root: Element,
  highlights: readonly Highlight[],
  tags: readonly IssueTag[],
  texts: Texts,
): void {
  const byColor = new Map(tagColors.map((color) => [color, [] as Range[]]));
  const colors = new Map(tags.map(({ id, color }) => [id, color]));
  const highlighted = new Set(highlights.map(({ responseId }) => responseId));
  for (const element of root.querySelectorAll<HTMLElement>('[data-response-text]')) {
    const id = element.dataset.responseText ?? '';
    const shown = texts.get(id);
    if (!highlighted.has(id) || !shown || element.offsetParent === null) continue;
    const { alignment, ranges } = readCard(element, shown);
    for (const highlight of highlights) {
      const span = highlight.responseId === id ? alignment.toShown(shown.toShown(highlight)) : null;
      if (span) byColor.get(colors.get(highlight.tag) ?? 'grey')!.push(...ranges([span]));
    }
  }
  for (const [color, ranges] of byColor) showHighlight(`mark-${color}`, ranges);
}

export function clearHighlights(): void {
  for (const color of tagColors) showHighlight(`mark-${color}`, []);
}

export type Selected = Span & { responseId: string; box: DOMRect };

/** The part of a response's stored text that the selection covers; null when it covers no part of exactly one. */
export function selectedPassage(root: Element, texts: Texts): Selected | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const element = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('[data-response-text]');
  if (!element || !root.contains(element)) return null;
  const responseId = element.dataset.responseText ?? '';
  const shown = texts.get(responseId);
  if (!shown) return null;
  const { alignment, spanOf } = readCard(element, shown);
  const covered = spanOf(range);
  const span = covered && alignment.toWritten(covered);
  return span && { ...shown.toRaw(wholeCharacters(shown.text, span)), responseId, box: range.getBoundingClientRect() };
}

/** Without white space at the ends, and never half of a character. */
export function wholeCharacters(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const from = start + part.length - part.trimStart().length;
  const to = Math.max(from, end - (part.length - part.trimEnd().length));
  return { start: splitsPair(text, from) ? from - 1 : from, end: splitsPair(text, to) ? to + 1 : to };
}

/** The offset in a text that belongs to one in a text field's value, which holds every CR LF as one LF. */
export function writtenOffset(text: string, fieldOffset: number): number {
  let offset = fieldOffset;
  for (let at = text.indexOf('\r\n'); at >= 0 && at < offset; at = text.indexOf('\r\n', at + 2)) offset++;
  return offset;
}
