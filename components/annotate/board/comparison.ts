import type { Translator } from '@/lib/i18n/translator';

/** The responses set aside for a comparison: none, one that waits for another, or the two compared. */
export type Pins = readonly [] | readonly [string] | readonly [string, string];

/** What the compare key does with the response in focus. */
export function pressCompare(pins: Pins, activeId: string | null): Pins {
  if (pins.length === 2) return [];
  if (activeId === null) return pins;
  if (pins.length === 0) return [activeId];
  return pins[0] === activeId ? [] : [pins[0], activeId];
}

/** Which of the two to look at after one was placed: the other while it waits for its place, else the same. */
export function afterPlacing(
  pins: readonly [string, string],
  placed: string,
  isUntouched: (id: string) => boolean,
): string {
  const other = pins[0] === placed ? pins[1] : pins[0];
  return isUntouched(other) ? other : placed;
}

/** What to say aloud about it. */
export function announcePins(pins: Pins, nameOf: (id: string) => string, t: Translator<'annotate'>): string {
  if (pins.length === 0) return t('said.comparisonClosed');
  if (pins.length === 1) return t('said.pinned', { name: nameOf(pins[0]) });
  return t('said.comparing', { name: nameOf(pins[0]), other: nameOf(pins[1]) });
}
