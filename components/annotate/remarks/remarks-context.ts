'use client';

import { createContext, useContext } from 'react';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';
import type { RemarkAction } from './board-remarks';

/**
 * A context carries remarks to the cards instead of props, so that a changed remark renders its own tags and not the
 * whole card.
 */
export type RemarksView = {
  remarks: Remarks;
  /** Retired ones included, for what was tagged before. */
  tags: readonly IssueTag[];
  act: (action: RemarkAction) => void;
  openHighlights: (responseId: string) => void;
};

export const RemarksContext = createContext<RemarksView | null>(null);

export function useRemarksView(): RemarksView {
  const view = useContext(RemarksContext);
  if (!view) throw new Error('useRemarksView needs a RemarksContext above it.');
  return view;
}
