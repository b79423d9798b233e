import type { Translator } from '@/lib/i18n/translator';

/** The responses set aside for a comparison: none, one that waits for another, or those that are compared. */
export type Pins = readonly string[];

/** What the compare key does with the response in focus. `limit`: how many the width holds. */
export function pressCompare(pins: Pins, activeId: string | null, limit: number): Pins {
  if (activeId === null) return pins;
  if (pins.includes(activeId)) return pins.length === 2 ? [] : pins.filter((id) => id !== activeId);
  return pins.length < limit ? [...pins, activeId] : [...pins.slice(0, -1), activeId];
}

/** The pair after the one compared: A-B, A-C, ... B-C, ... and A-B again. Without one, the active response leads. */
export function nextPair(pins: Pins, ids: readonly string[], activeId: string | null): Pins {
  if (ids.length < 2) return pins;
  const [first, second] = pins.map((id) => ids.indexOf(id)).sort((a, b) => a - b);
  if (first === undefined || second === undefined) {
    const from = first ?? Math.max(0, activeId === null ? 0 : ids.indexOf(activeId));
    const other = from === ids.length - 1 ? 0 : from + 1;
    return [ids[Math.min(from, other)]!, ids[Math.max(from, other)]!];
  }
  if (second + 1 < ids.length) return [ids[first]!, ids[second + 1]!];
  return first + 2 < ids.length ? [ids[first + 1]!, ids[first + 2]!] : [ids[0]!, ids[1]!];
}

/** Which of them to look at after one was placed: the next that waits for its place, else the same. */
export function afterPlacing(pins: Pins, placed: string, isUntouched: (id: string) => boolean): string {
  const at = pins.indexOf(placed);
  const others = [...pins.slice(at + 1), ...pins.slice(0, at)];
  return others.find(isUntouched) ?? placed;
}

/** What to say aloud about it. `list` joins names in the reader's language. */
export function announcePins(
  pins: Pins,
  nameOf: (id: string) => string,
  list: (names: string[]) => string,
  t: Translator<'annotate'>,
): string {
  if (pins.length === 0) return t('said.comparisonClosed');
  if (pins.length === 1) return t('said.pinned', { name: nameOf(pins[0]!) });
  return t('said.comparing', { names: list(pins.map(nameOf)) });
}
