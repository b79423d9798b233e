import { type BoardState, type Place, untouchedIds } from './board-state';

/** "A" for the first response shown, "B" for the second, ... "AA" after "Z". */
export function responseLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : responseLetter(Math.floor(index / 26) - 1) + letter;
}

/** A response's name on the board: "Response A". */
export function responseName(board: Pick<BoardState, 'responseIds'>, id: string): string {
  return `Response ${responseLetter(board.responseIds.indexOf(id))}`;
}

/** A place in words: "Excellent", "Can't judge", "not placed". */
export function placeName(place: Place, tiers: readonly string[]): string {
  if (place === null) return 'not placed';
  if (place === 'cannot_judge') return "Can't judge";
  return tiers[place] ?? `Tier ${place + 1}`;
}

/** What is still to do, in words. */
export function remainder(board: BoardState): string {
  const left = untouchedIds(board).length;
  return left === 0 ? 'All are placed.' : `${left} left to place.`;
}

/** What to say aloud after the board went from `before` to `after`; empty when nothing is worth saying. */
export function announceChange(before: BoardState, after: BoardState, tiers: readonly string[]): string {
  const said: string[] = [];
  for (const id of after.responseIds) {
    const place = after.places[id] ?? null;
    if ((before.places[id] ?? null) !== place) {
      said.push(`${responseName(after, id)}: ${placeName(place, tiers)}.`);
    }
  }
  const moved = said.length > 0;
  if (before.allBad !== after.allBad) said.push(after.allBad ? 'All are bad: on.' : 'All are bad: off.');
  if (moved) said.push(remainder(after));
  return said.join(' ');
}
