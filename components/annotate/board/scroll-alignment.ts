/** Which places of two texts belong together, so that panes which show them scroll as one. Pure. */

/** A part of a text with its distance from the top, in CSS pixels. */
export type Section = { text: string; top: number };
type Anchor = { from: number; to: number };

/** Characters of a section that tell it from the others. */
const KEY = 80;
/** Sections looked ahead for the next one that both texts have. */
const REACH = 40;

/**
 * The sections that both texts have, in order: where one text lacks some, the others still belong together. Greedy and
 * bounded: a pass over one text with a look ahead in the other.
 */
export function matchSections(from: readonly Section[], to: readonly Section[]): Anchor[] {
  const anchors: Anchor[] = [];
  let next = 0;
  for (const section of from) {
    const key = keyOf(section);
    if (key === '') continue;
    const limit = Math.min(to.length, next + REACH);
    for (let at = next; at < limit; at++) {
      if (keyOf(to[at]!) !== key) continue;
      anchors.push({ from: section.top, to: to[at]!.top });
      next = at + 1;
      break;
    }
  }
  return anchors;
}

/** Whether two texts have so many sections in common that scrolling them as one helps. */
export function areAligned(anchors: number, from: number, to: number): boolean {
  return anchors >= 2 && anchors >= 0.4 * Math.min(from, to);
}

/**
 * Where the other pane scrolls to: in proportion between the two nearest sections that both texts have, or between the
 * ends. @param room how far each pane can scroll
 */
export function alignedScroll(top: number, anchors: readonly Anchor[], room: { from: number; to: number }): number {
  if (room.from <= 0) return 0;
  const within = anchors.filter(({ from, to }) => from > 0 && from < room.from && to > 0 && to < room.to);
  const points = [{ from: 0, to: 0 }, ...within, { from: room.from, to: room.to }];
  const after = Math.max(
    1,
    points.findIndex(({ from }) => from >= top),
  );
  const [a, b] = [points[after - 1]!, points[after]!];
  const share = b.from === a.from ? 0 : (top - a.from) / (b.from - a.from);
  return a.to + share * (b.to - a.to);
}

function keyOf({ text }: Section): string {
  return text
    .slice(0, 4 * KEY)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, KEY)
    .toLowerCase();
}
