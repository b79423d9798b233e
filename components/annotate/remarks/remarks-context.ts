'use client';

import { createContext, useContext } from 'react';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';
import type { RemarkAction } from './board-remarks';

/**
 * Remarks reach the cards past their props: a card is drawn anew only where its place changes, its tags only where
 * they change.
 */
export type RemarksView = {
  remarks: Remarks;
  /** Retired ones included, for what was tagged before. */
  tags: readonly IssueTag[];
  act: (action: RemarkAction) => void;
  openMarks: (responseId: string) => void;
};

export const RemarksContext = createContext<RemarksView | null>(null);

export function useRemarksView(): RemarksView {
  const view = useContext(RemarksContext);
  if (!view) throw new Error('No remarks here: this belongs into a board.');
  return view;
}
