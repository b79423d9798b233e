/** The two ways to look at a prompt's responses, and which of them suits a prompt. Pure. */
import { lineCount } from '@/components/content/fold';

/** focus: one or two responses to read; board: all of them as cards beside the tiers. */
export type BoardView = 'focus' | 'board';

/** What a person chose, remembered on the device. */
export const viewChoices = ['automatic', 'focus', 'board'] as const;
export type ViewChoice = (typeof viewChoices)[number];

/** Lines of a card that are taken in at a glance, and of all cards together that fit a screen. */
const GLANCE_LINES = 7;
const SCREEN_LINES = 120;

/** Short responses are sorted as cards; longer ones are read first. */
export function suggestedView(texts: readonly string[]): BoardView {
  let total = 0;
  for (const text of texts) {
    const lines = lineCount(text, SCREEN_LINES);
    total += lines;
    if (lines > GLANCE_LINES || total > SCREEN_LINES) return 'focus';
  }
  return 'board';
}

/** Panes narrower than this, in CSS pixels, hold fewer than 65 characters a line. */
const PANE_WIDTH = 470;
/** Side by side for a comparison, less is enough. */
const PINNED_WIDTH = 320;

/** How many responses are read side by side in a reading area of this width. */
export function paneCount(width: number, responses: number): number {
  return Math.max(1, Math.min(2, responses, Math.floor(width / PANE_WIDTH)));
}

/** How many responses may be pinned side by side; two always, one above the other where there is no room. */
export function pinLimit(width: number): number {
  return Math.max(2, Math.floor(width / PINNED_WIDTH));
}

/** The responses read together with `activeId`: pages of `count`, the last of which is filled up from the one before. */
export function pageOf(ids: readonly string[], activeId: string | null, count: number): string[] {
  const at = Math.max(0, activeId === null ? 0 : ids.indexOf(activeId));
  const start = Math.max(0, Math.min(at - (at % count), ids.length - count));
  return ids.slice(start, start + count);
}
