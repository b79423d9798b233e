'use client';

import { type RefObject, useEffect, useState } from 'react';
import { showHighlight, textOf } from '@/components/content/highlight';
import type { DiffPart } from '@/components/content/word-diff';
import type { ReadResponse } from './reading-pane';
import { useWordDiff } from './use-word-diff';

/** Texts that share less of their words than this are two texts: marking all the rest would help nobody. */
const SHARED_ENOUGH = 0.4;

export type Differences = {
  /** Two are compared. */
  isPossible: boolean;
  isOn: boolean;
  setOn: (on: boolean) => void;
  /** What to say about them, as a key of `annotate.differenceNotes`. */
  note: 'comparing' | 'same' | 'tooMany' | 'fewShared' | null;
  /** The part of their words that the two share, 0 to 1; null while that is not known. */
  share: number | null;
};

/**
 * Colours the words that two responses do not share, in the texts as they are drawn: formatted ones stay formatted.
 * `pair` null: nothing is compared.
 */
export function useDifferences(
  panes: RefObject<HTMLElement | null>,
  pair: readonly ReadResponse[] | null,
): Differences {
  const [chosen, setOn] = useState<boolean | null>(null);
  const [drawn, setDrawn] = useState<readonly string[]>([]);
  const ids = pair?.map(({ id }) => id).join(' ') ?? '';

  // What is compared is what is drawn, which comes late and changes when something is folded or opened.
  useEffect(() => {
    const root = panes.current;
    if (ids === '' || !root) return;
    let frame = 0;
    const read = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const texts = textsIn(root).map((element) => textOf(element).text);
        setDrawn((known) => (known.join('\0') === texts.join('\0') ? known : texts));
      });
    };
    read();
    const watcher = new MutationObserver(read);
    watcher.observe(root, { childList: true, subtree: true, characterData: true });
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [panes, ids]);

  const [left = '', right = ''] = ids === '' ? [] : drawn;
  const answer = useWordDiff(left, right);
  const diff = answer === 'tooMany' ? null : answer;
  const share = diff && left !== '' ? sharedPart(diff.left, diff.right) : null;
  const isOn = chosen ?? (share !== null && share >= SHARED_ENOUGH);

  useEffect(() => {
    const root = panes.current;
    if (!diff || !isOn || !root) return;
    const [first, second] = textsIn(root).map(textOf);
    // A pair that came since has not been compared yet.
    if (first?.text !== left || second?.text !== right) return;
    showHighlight('difference', [...first.ranges(changedSpans(diff.left)), ...second.ranges(changedSpans(diff.right))]);
    return () => showHighlight('difference', []);
  }, [panes, diff, isOn, left, right]);

  const note =
    ids === ''
      ? null
      : answer === 'tooMany'
        ? 'tooMany'
        : share === null
          ? 'comparing'
          : share === 1
            ? 'same'
            : !isOn && chosen === null
              ? 'fewShared'
              : null;
  return { isPossible: ids !== '', isOn, setOn, note, share };
}

function textsIn(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-response-text]')];
}

function sharedPart(...sides: readonly (readonly DiffPart[])[]): number {
  let shared = 0;
  let all = 0;
  for (const { text, changed } of sides.flat()) {
    const letters = text.replace(/\s+/g, '').length;
    all += letters;
    if (!changed) shared += letters;
  }
  return all === 0 ? 1 : shared / all;
}

/** The changed words without the white space behind them. */
function changedSpans(parts: readonly DiffPart[]): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let at = 0;
  for (const { text, changed } of parts) {
    const end = at + text.trimEnd().length;
    if (changed && end > at) spans.push({ start: at, end });
    at += text.length;
  }
  return spans;
}
