'use client';

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { alignedScroll, areAligned, matchSections, type Section } from './scroll-alignment';

/** How long the pane that a person scrolls leads the others, in milliseconds: their own scroll events must not answer. */
const LEAD_MS = 200;

/**
 * Panes that scroll as one, section by section. On by itself where their texts have sections or words in common; what
 * has neither would only be torn from its reader.
 * @param drawn the texts of the panes; what sections they have is looked at again when one changes
 * @param sharesEnough whether two of them are versions of one text
 */
export function useScrollTogether(
  panes: RefObject<HTMLElement | null>,
  comparing: boolean,
  drawn: readonly string[],
  sharesEnough: boolean,
): { isOn: boolean; setOn: (on: boolean) => void; onScroll: (pane: HTMLElement) => void } {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [aligned, setAligned] = useState(false);
  const lead = useRef<{
    pane: HTMLElement | null;
    until: number;
    anchors: Map<HTMLElement, ReturnType<typeof matchSections>>;
  }>({
    pane: null,
    until: 0,
    anchors: new Map(),
  });
  const isOn = comparing && (chosen ?? (aligned || sharesEnough));

  useEffect(() => {
    if (drawn.length < 2) return;
    const [first, second] = panesIn(panes.current).map(sectionsOf);
    if (first && second) setAligned(areAligned(matchSections(first, second).length, first.length, second.length));
  }, [panes, drawn]);

  const onScroll = useCallback(
    (pane: HTMLElement) => {
      if (!isOn) return;
      const now = performance.now();
      const { current } = lead;
      if (current.pane !== pane && now < current.until) return;
      const others = panesIn(panes.current).filter((other) => other !== pane);
      if (current.pane !== pane || now >= current.until) {
        const sections = sectionsOf(pane);
        current.anchors = new Map(others.map((other) => [other, matchSections(sections, sectionsOf(other))]));
      }
      current.pane = pane;
      current.until = now + LEAD_MS;
      for (const other of others) {
        other.scrollTop = alignedScroll(pane.scrollTop, current.anchors.get(other) ?? [], {
          from: pane.scrollHeight - pane.clientHeight,
          to: other.scrollHeight - other.clientHeight,
        });
      }
    },
    [isOn, panes],
  );
  return { isOn, setOn: setChosen, onScroll };
}

function panesIn(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('[data-reading-pane]') ?? [])];
}

/** The paragraphs, headings, tables and blocks of code of a pane. */
function sectionsOf(pane: HTMLElement): Section[] {
  const start = pane.getBoundingClientRect().top - pane.scrollTop;
  return [...pane.querySelectorAll<HTMLElement>('[data-response-text] [dir="auto"] > *')].map((section) => ({
    text: section.textContent ?? '',
    top: section.getBoundingClientRect().top - start,
  }));
}
