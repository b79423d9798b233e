'use client';

import { type RefObject, useLayoutEffect } from 'react';
import { type LineBox, lineCut } from './line-clip';

/** Nodes that are looked at for one cut; what is folded is short. */
const MOST_NODES = 5000;

/** What makes no lines of its own: the boxes of a formula's letters reach into the lines around it. */
const NO_LINES = '.katex, .sr-only, .code-tools';

/** The element that is cut, by each of its children. */
const owners = new WeakMap<Element, HTMLElement>();
let sizes: ResizeObserver | undefined;

/** All that changed in a frame is measured before anything is cut: each cut would have the next one laid out again. */
function sizesOfChildren(): ResizeObserver {
  sizes ??= new ResizeObserver((entries) => {
    const changed = new Set(entries.map(({ target }) => owners.get(target)).filter((element) => element !== undefined));
    const cuts = [...changed].map((element) => ({ element, height: cutOf(element) }));
    for (const { element, height } of cuts) element.style.height = height === null ? '' : `${height}px`;
  });
  return sizes;
}

/** How high an element is to be so that its `max-height` halves no line; null where all of it is shown. */
function cutOf(element: HTMLElement): number | null {
  const limit = Number.parseFloat(getComputedStyle(element).maxHeight);
  if (Number.isNaN(limit) || element.scrollHeight <= limit + 1) return null;
  return lineCut(linesIn(element, limit), limit);
}

function linesIn(element: HTMLElement, limit: number): LineBox[] {
  const { top } = element.getBoundingClientRect();
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(NO_LINES) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const lines: LineBox[] = [];
  for (let seen = 0; seen < MOST_NODES && walker.nextNode(); seen++) {
    const node = walker.currentNode;
    const isFormula = node instanceof Element && node.matches('.katex-display');
    if (!isFormula && !(node instanceof Text)) continue;
    range.selectNodeContents(node);
    const boxes = isFormula ? [node.getBoundingClientRect()] : rectsOf(range);
    for (const box of boxes) lines.push({ top: box.top - top, bottom: box.bottom - top });
    if (boxes.length > 0 && boxes[0]!.top - top > limit) break;
  }
  return lines;
}

const rectsOf = (range: Range) => [...range.getClientRects()].filter(({ width }) => width > 0);

/**
 * Ends a text that has a `max-height` between two of its lines, and again when it is formatted or its width changes.
 */
export function useLineClip(ref: RefObject<HTMLElement | null>, enabled: boolean): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || !enabled) return;
    const take = (child: Node) => {
      if (!(child instanceof Element)) return;
      owners.set(child, element);
      sizesOfChildren().observe(child);
    };
    const leave = (child: Node) => {
      if (child instanceof Element) sizesOfChildren().unobserve(child);
    };
    element.childNodes.forEach(take);
    const children = new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        removedNodes.forEach(leave);
        addedNodes.forEach(take);
      }
    });
    children.observe(element, { childList: true });
    return () => {
      children.disconnect();
      element.childNodes.forEach(leave);
      element.style.height = '';
    };
  }, [ref, enabled]);
}
