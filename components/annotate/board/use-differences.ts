'use client';

import { type RefObject, useEffect, useState } from 'react';
import { showHighlight, textOf } from '@/components/content/highlight';
import type { DiffPart } from '@/components/content/word-diff';
import { textElements } from './use-drawn-texts';
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
  /** Whether the two are versions of one text; false while that is not known. */
  sharesEnough: boolean;
};

/**
 * Colours the words that two responses do not share, in the texts as they are drawn: formatted ones stay formatted.
 * @param drawn both texts, while `isPossible`
 */
export function useDifferences(
  panes: RefObject<HTMLElement | null>,
  isPossible: boolean,
  drawn: readonly string[],
): Differences {
  const [chosen, setOn] = useState<boolean | null>(null);
  const [left = '', right = ''] = isPossible ? drawn : [];
  const answer = useWordDiff(left, right);
  const diff = answer === 'tooMany' ? null : answer;
  const share = diff && left !== '' ? sharedPart(diff.left, diff.right) : null;
  const sharesEnough = share !== null && share >= SHARED_ENOUGH;
  const isOn = chosen ?? sharesEnough;

  useEffect(() => {
    const root = panes.current;
    if (!diff || !isOn || !root) return;
    const [first, second] = textElements(root).map(textOf);
    // A pair that came since has not been compared yet.
    if (first?.text !== left || second?.text !== right) return;
    showHighlight('difference', [...first.ranges(changedSpans(diff.left)), ...second.ranges(changedSpans(diff.right))]);
    return () => showHighlight('difference', []);
  }, [panes, diff, isOn, left, right]);

  const note = () => {
    if (!isPossible) return null;
    if (answer === 'tooMany') return 'tooMany';
    if (share === null) return 'comparing';
    if (share === 1) return 'same';
    return chosen === null && !sharesEnough ? 'fewShared' : null;
  };
  return { isPossible, isOn, setOn, note: note(), sharesEnough };
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
