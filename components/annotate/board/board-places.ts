import type { Place } from './board-state';

/** Ids of what a response is dropped on: what is turned back into a place. A place may be on the board more than once. */
export const laneIds = {
  unplaced: 'lane-unplaced',
  cannotJudge: 'lane-cannot-judge',
  tier: (index: number) => `lane-tier-${index}`,
};
export const dockIds = {
  cannotJudge: 'dock-cannot-judge',
  tier: (index: number) => `dock-tier-${index}`,
};

/** The id of something that is dragged: a response may be on the board as a card, a chip and a letter at once. */
export type DragSource = 'card' | 'chip' | 'pane' | 'letter';
export const dragId = (source: DragSource, responseId: string) => `${source}:${responseId}`;
export const draggedResponse = (id: string) => id.slice(id.indexOf(':') + 1);

/** Whether a pointer there selects text: passages are being marked, and this is a response's text. */
export function isMarkable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-marking] [data-response-text]') !== null;
}

/** The id of the lane at a point of the window, or null. What is being dragged there is looked through. */
export function laneAt({ clientX, clientY }: { clientX: number; clientY: number }): string | null {
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    if (element.closest('[data-dnd-dragging]')) continue;
    const lane = laneOf(element);
    if (lane) return lane;
  }
  return null;
}

/** The id of the lane that an element lies in, or null. */
export function laneOf(element: Element): string | null {
  return element.closest<HTMLElement>('[data-lane]')?.dataset.lane ?? null;
}

/** The place that a lane's id stands for; undefined for anything that is no lane. */
export function placeOfLane(laneId: string): Place | undefined {
  if (laneId === laneIds.unplaced) return null;
  if (laneId === laneIds.cannotJudge || laneId === dockIds.cannotJudge) return 'cannot_judge';
  const tier = /^(?:lane|dock)-tier-(\d+)$/.exec(laneId)?.[1];
  return tier === undefined ? undefined : Number(tier);
}
