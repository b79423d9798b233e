import type { Element, ElementContent, RootContent } from 'hast';
import { fencedSpans } from './fences';
import type { Span } from './shared-spans';

/** A place that names a document by its number, from 1. */
export type Citation = Span & { document: number };

/** A text that cites more often is no answer but a list of numbers. */
const MOST = 500;

/** Where a text cites one of so many documents: `[2]` as a whole, and each number of `[1, 3]`. Code cites nothing. */
export function citationsIn(text: string, documents: number): Citation[] {
  if (documents === 0 || !text.includes('[')) return [];
  const fences = /```|~~~/.test(text) ? fencedSpans(text) : [];
  const found = [...text.matchAll(/\[(\d{1,3}(?:, ?\d{1,3})*)\](?!\()/g)]
    .filter(({ index }) => !fences.some(({ start, end }) => start <= index && index < end))
    .flatMap(({ 0: whole, 1: numbers, index }): Citation[] => {
      if (!numbers!.includes(',')) return [{ start: index, end: index + whole.length, document: Number(numbers) }];
      return [...whole.matchAll(/\d+/g)].map(({ 0: number, index: at }) => ({
        start: index + at,
        end: index + at + number.length,
        document: Number(number),
      }));
    });
  return found.length > MOST ? [] : found.filter(({ document }) => document >= 1 && document <= documents);
}

/** A text cut at its citations; together the pieces are the text, character for character. */
export function cutAtCitations(text: string, documents: number): (string | { text: string; document: number })[] {
  let at = 0;
  const pieces = citationsIn(text, documents).flatMap(({ start, end, document }) => {
    const before = text.slice(at, start);
    at = end;
    const cited = { text: text.slice(start, end), document };
    return before === '' ? [cited] : [before, cited];
  });
  return at < text.length ? [...pieces, text.slice(at)] : pieces;
}

/** The same block with a button for each citation outside of code, links and formulas. */
export function withCitations(block: RootContent, documents: number): RootContent {
  if (documents === 0) return block;
  if (block.type !== 'element') return block;
  return citing(block, documents);
}

function citing(element: Element, documents: number): Element {
  if (/^(?:a|code|pre|math)$/.test(element.tagName) || isFormula(element)) return element;
  const children = element.children.flatMap((child): ElementContent[] => {
    if (child.type === 'element') return [citing(child, documents)];
    const isCiting = child.type === 'text' && citationsIn(child.value, documents).length > 0;
    return isCiting ? cutNode(child.value, documents) : [child];
  });
  return { ...element, children };
}

function cutNode(value: string, documents: number): ElementContent[] {
  return cutAtCitations(value, documents).map(
    (piece): ElementContent =>
      typeof piece === 'string'
        ? { type: 'text', value: piece }
        : {
            type: 'element',
            tagName: 'button',
            properties: { value: String(piece.document) },
            children: [{ type: 'text', value: piece.text }],
          },
  );
}

function isFormula({ properties }: Element): boolean {
  const names = properties.className;
  return Array.isArray(names) && names.some((name) => String(name).startsWith('katex'));
}
