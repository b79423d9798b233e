import {
  AutoScroller,
  Cursor,
  Feedback,
  PointerActivationConstraints,
  PointerSensor,
  PreventSelection,
} from '@dnd-kit/dom';
import type { Place } from './board-state';
import { laneIds } from './lane';

// The board has its own keyboard and its own announcements, so dnd-kit's (which speak raw ids) stay out.
export const sensors = [
  PointerSensor.configure({
    // While passages are marked, the text of a card is there to be selected.
    preventActivation: ({ target }) => isMarkable(target),
    // A finger that moves at once scrolls the page; one that rests takes the card.
    activationConstraints: (event) =>
      event.pointerType === 'touch'
        ? [new PointerActivationConstraints.Delay({ value: 220, tolerance: 8 })]
        : [new PointerActivationConstraints.Distance({ value: 5 })],
  }),
];
export const plugins = [AutoScroller, Cursor, Feedback.configure({ dropAnimation: null }), PreventSelection];

/** Whether a pointer there selects text: passages are being marked, and this is a response's text. */
export function isMarkable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-marking] [data-response-text]') !== null;
}

/** The id of the lane at a point of the window, or null. */
export function laneAt({ x, y }: { x: number; y: number }): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
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
  if (laneId === laneIds.cannotJudge) return 'cannot_judge';
  const tier = /^lane-tier-(\d+)$/.exec(laneId)?.[1];
  return tier === undefined ? undefined : Number(tier);
}
