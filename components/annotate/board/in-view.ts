/** What of an element a person sees: within the window and every box around it that scrolls or cuts off. */

/** Less of a response than this, in CSS pixels, is not taken for reading it. */
const ENOUGH = 64;

export function isInView(element: HTMLElement): boolean {
  const { height } = element.getBoundingClientRect();
  return height > 0 && visibleHeight(element) >= Math.min(height, ENOUGH);
}

export function visibleHeight(element: HTMLElement): number {
  let { top, bottom } = element.getBoundingClientRect();
  [top, bottom] = [Math.max(0, top), Math.min(innerHeight, bottom)];
  for (let box = element.parentElement; box && bottom > top; box = box.parentElement) {
    if (getComputedStyle(box).overflowY === 'visible') continue;
    const outer = box.getBoundingClientRect();
    [top, bottom] = [Math.max(top, outer.top), Math.min(bottom, outer.bottom)];
  }
  return Math.max(0, bottom - top);
}

/** Scrolls as little as shows it; the beginning of what is higher than its surroundings. */
export function bringIntoView(element: HTMLElement): void {
  const isHigh = element.getBoundingClientRect().height > 0.7 * innerHeight;
  element.scrollIntoView({ block: isHigh ? 'start' : 'nearest', inline: 'nearest' });
}

/** The response's element that is drawn now, or null; hidden ones do not count. */
export function findResponse(root: HTMLElement | null, id: string): HTMLElement | null {
  return shownResponses(root).find((element) => element.dataset.responseCard === id) ?? null;
}

export function shownResponses(root: HTMLElement | null): HTMLElement[] {
  const all = root?.querySelectorAll<HTMLElement>('[data-response-card]') ?? [];
  return [...all].filter((element) => element.offsetParent !== null);
}
