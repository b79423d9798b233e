/** Heights of a line, or of a part of one, below the top of the text. */
export type LineBox = { top: number; bottom: number };

/** What a line may reach beyond the cut without looking cut, in pixels. */
const TOLERANCE = 1;

/**
 * Where to end a text so that no line is halved: at `limit`, or above the lines that are there. What is as high as half
 * of the room, a large formula, is cut all the same.
 */
export function lineCut(lines: readonly LineBox[], limit: number): number {
  let cut = limit;
  // From the bottom: a line that begins below another one cannot be halved by a cut above that one.
  for (const { top, bottom } of lines.toSorted((a, b) => b.top - a.top)) {
    if (top < cut - TOLERANCE && bottom > cut + TOLERANCE) cut = top;
  }
  return cut < limit / 2 ? limit : cut;
}
