import type { BoardContent } from '@/lib/schemas/draft';
import { remarksPart } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import type { Judgement, Placement } from '@/trainer/contract/judgement';
import { changeRemarks, onlyCommentChanged, type RemarkAction, remarksOn } from '../remarks/board-remarks';

/** Where a response is: a tier (0 = best), set aside as can't judge, or null while nobody touched it. */
export type Place = number | 'cannot_judge' | null;

/** What undo brings back. */
type BoardMoment = {
  places: Readonly<Record<string, Place>>;
  allBad: boolean;
  remarks: Remarks;
  /** The response that keys act on. */
  activeId: string | null;
};

export type BoardState = BoardMoment & {
  /** In the order shown, which the server shuffled for this annotator. */
  responseIds: readonly string[];
  tierCount: number;
  past: readonly BoardMoment[];
  future: readonly BoardMoment[];
};

export type BoardAction =
  | { type: 'place'; id: string; place: Place }
  /** Lays everything as another judgement has it. */
  | { type: 'fill'; judgement: Judgement }
  | { type: 'toggle-all-bad' }
  | { type: 'activate'; id: string }
  | { type: 'step'; by: 1 | -1 }
  | { type: 'jump'; to: 'first' | 'last' }
  | { type: 'undo' }
  | { type: 'redo' }
  | RemarkAction;

export function createBoard(
  responseIds: readonly string[],
  tierCount: number,
  start: Omit<BoardContent, 'timeOnTaskMs'> = { placements: [], allBad: false },
): BoardState {
  const given = placesOf(start.placements);
  const places: Record<string, Place> = {};
  for (const id of responseIds) {
    const place = given[id] ?? null;
    // A draft may be older than the project's tiers: a tier that is gone counts as untouched.
    places[id] = typeof place === 'number' && !isTier(place, tierCount) ? null : place;
  }
  const remarks = remarksOn(responseIds, start.remarks);
  const board = { responseIds, tierCount, places, allBad: start.allBad, remarks, activeId: null, past: [], future: [] };
  return { ...board, activeId: firstUntouched(board) ?? responseIds[0] ?? null };
}

export function placesOf(placements: readonly Placement[]): Record<string, Place> {
  return Object.fromEntries(
    placements.map(({ responseId, state, tier }) => [
      responseId,
      state === 'placed' ? tier : state === 'cannot_judge' ? state : null,
    ]),
  );
}

/** The board as it is saved: every response with its place. */
export function contentOf(board: BoardState, timeOnTaskMs: number): BoardContent {
  return { allBad: board.allBad, timeOnTaskMs, placements: toPlacements(board), ...remarksPart(board.remarks) };
}

/** The part of it that a draft keeps: what was touched. */
export function touchedOnly(content: BoardContent): BoardContent {
  return { ...content, placements: content.placements.filter(({ state }) => state !== 'not_judged') };
}

/** One placement for every response, in the order shown; untouched says so and never becomes a judgement. */
export function toPlacements(board: Pick<BoardState, 'responseIds' | 'places'>): Placement[] {
  return board.responseIds.map((responseId) => {
    const place = board.places[responseId] ?? null;
    if (place === null) return { responseId, state: 'not_judged', tier: null };
    if (place === 'cannot_judge') return { responseId, state: 'cannot_judge', tier: null };
    return { responseId, state: 'placed', tier: place };
  });
}

export function untouchedIds(board: Pick<BoardState, 'responseIds' | 'places'>): string[] {
  return board.responseIds.filter((id) => (board.places[id] ?? null) === null);
}

/** The responses in the order the eye meets them: not placed yet, then tier by tier, then set aside. */
export function displayOrder(board: Pick<BoardState, 'responseIds' | 'places'>): string[] {
  const rank = (id: string) => {
    const place = board.places[id] ?? null;
    if (place === null) return -1;
    return place === 'cannot_judge' ? Number.MAX_SAFE_INTEGER : place;
  };
  // Array.sort is stable: equals keep the order shown.
  return [...board.responseIds].sort((a, b) => rank(a) - rank(b));
}

export function reduceBoard(board: BoardState, action: BoardAction): BoardState {
  switch (action.type) {
    case 'place':
      return place(board, action.id, action.place);
    case 'fill': {
      const { places, allBad } = createBoard(board.responseIds, board.tierCount, action.judgement);
      return remember(board, { ...momentOf(board), places, allBad });
    }
    case 'toggle-all-bad':
      return remember(board, { ...momentOf(board), allBad: !board.allBad });
    case 'activate':
      return board.responseIds.includes(action.id) && action.id !== board.activeId
        ? { ...board, activeId: action.id }
        : board;
    case 'step':
      return step(board, action.by);
    case 'jump': {
      const order = displayOrder(board);
      const activeId = (action.to === 'first' ? order[0] : order.at(-1)) ?? null;
      return { ...board, activeId };
    }
    case 'undo': {
      const moment = board.past.at(-1);
      if (!moment) return board;
      return { ...board, ...moment, past: board.past.slice(0, -1), future: [momentOf(board), ...board.future] };
    }
    case 'redo': {
      const [moment, ...future] = board.future;
      if (!moment) return board;
      return { ...board, ...moment, past: [...board.past, momentOf(board)], future };
    }
    default:
      return remark(board, changeRemarks(board.remarks, action));
  }
}

function remark(board: BoardState, remarks: Remarks): BoardState {
  if (remarks === board.remarks) return board;
  const last = board.past.at(-1);
  const typing =
    last?.places === board.places &&
    last.allBad === board.allBad &&
    onlyCommentChanged(last.remarks, board.remarks) &&
    onlyCommentChanged(board.remarks, remarks);
  return typing ? { ...board, remarks, future: [] } : remember(board, { ...momentOf(board), remarks });
}

function isTier(value: number, tierCount: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < tierCount;
}

function momentOf({ places, allBad, remarks, activeId }: BoardState): BoardMoment {
  return { places, allBad, remarks, activeId };
}

function remember(board: BoardState, next: BoardMoment): BoardState {
  return { ...board, ...next, past: [...board.past, momentOf(board)], future: [] };
}

function place(board: BoardState, id: string, target: Place): BoardState {
  if (!board.responseIds.includes(id)) return board;
  if (typeof target === 'number' && !isTier(target, board.tierCount)) return board;
  const before = board.places[id] ?? null;
  if (before === target) return board.activeId === id ? board : { ...board, activeId: id };
  const places = { ...board.places, [id]: target };
  // A first placement goes on to the next response; a correction stays where the person is looking.
  const goOn = before === null;
  const next = goOn ? nextUntouched({ responseIds: board.responseIds, places }, id) : null;
  const moved = remember(board, { ...momentOf(board), places, activeId: next ?? id });
  // Undo should come back to the response that was moved, wherever the keys pointed before.
  const last = moved.past.at(-1);
  return last ? { ...moved, past: [...moved.past.slice(0, -1), { ...last, activeId: id }] } : moved;
}

function firstUntouched(board: Pick<BoardState, 'responseIds' | 'places'>): string | null {
  return untouchedIds(board)[0] ?? null;
}

/** The next untouched response after `id`, starting over at the top. */
function nextUntouched(board: Pick<BoardState, 'responseIds' | 'places'>, id: string): string | null {
  const start = board.responseIds.indexOf(id);
  for (let offset = 1; offset <= board.responseIds.length; offset++) {
    const candidate = board.responseIds[(start + offset) % board.responseIds.length];
    if (candidate !== undefined && (board.places[candidate] ?? null) === null) return candidate;
  }
  return null;
}

function step(board: BoardState, by: 1 | -1): BoardState {
  const order = displayOrder(board);
  if (order.length === 0) return board;
  const at = board.activeId === null ? -1 : order.indexOf(board.activeId);
  const to = at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + by));
  return { ...board, activeId: order[to] ?? null };
}
