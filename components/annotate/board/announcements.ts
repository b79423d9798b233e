import type { Translator } from '@/lib/i18n/translator';
import { type BoardState, type Place, untouchedIds } from './board-state';

type T = Translator<'annotate'>;

/** "A" for the first response shown, "B" for the second, ... "AA" after "Z". */
export function responseLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : responseLetter(Math.floor(index / 26) - 1) + letter;
}

/** A response's name on the board: "Response A". */
export function responseName(board: Pick<BoardState, 'responseIds'>, id: string, t: T): string {
  return t('responseNamed', { letter: responseLetter(board.responseIds.indexOf(id)) });
}

/** A place in words: "Excellent", "Can't judge", "not placed". */
export function placeName(place: Place, tiers: readonly string[], t: T): string {
  if (place === null) return t('placeless');
  if (place === 'cannot_judge') return t('cantJudge');
  return tiers[place] ?? t('tierNumber', { number: place + 1 });
}

/** What is still to do, in words. */
export function remainder(board: BoardState, t: T): string {
  return t('leftToPlace', { count: untouchedIds(board).length });
}

/** What to say aloud after the board went from `before` to `after`; empty when nothing is worth saying. */
export function announceChange(before: BoardState, after: BoardState, tiers: readonly string[], t: T): string {
  const said: string[] = [];
  for (const id of after.responseIds) {
    const place = after.places[id] ?? null;
    if ((before.places[id] ?? null) !== place) {
      said.push(t('nowPlaced', { name: responseName(after, id, t), place: placeName(place, tiers, t) }));
    }
  }
  const moved = said.length > 0;
  if (before.allBad !== after.allBad) said.push(t(after.allBad ? 'allBadOn' : 'allBadOff'));
  if (moved) said.push(remainder(after, t));
  return said.join(' ');
}

/** What to say aloud when a prompt comes on screen; empty where the heading says it all. */
export function announceOpening(open: { returned: boolean; task: { externalId: string } }, t: T): string {
  return open.returned ? t('said.back', { prompt: open.task.externalId }) : '';
}

/** What to say aloud after the prompt was flagged, or its flag was taken away. */
export function announceFlag(isFlagged: boolean, t: T): string {
  return t(isFlagged ? 'said.flagged' : 'said.unflagged');
}
