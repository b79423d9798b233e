import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Placement } from '@/trainer/contract/judgement';
import {
  type BoardAction,
  type BoardState,
  contentOf,
  createBoard,
  displayOrder,
  reduceBoard,
  toPlacements,
  touchedOnly,
  untouchedIds,
} from './board-state';

const ids = ['a', 'b', 'c', 'd'];
const placed = (responseId: string, tier: number): Placement => ({ responseId, state: 'placed', tier });
const cannotJudge = (responseId: string): Placement => ({ responseId, state: 'cannot_judge', tier: null });
const run = (board: BoardState, ...actions: BoardAction[]) => actions.reduce(reduceBoard, board);
const put = (id: string, place: number | 'cannot_judge' | null): BoardAction => ({ type: 'place', id, place });

describe('createBoard', () => {
  it('starts untouched, with the first response active', () => {
    const board = createBoard(ids, 4);
    expect(untouchedIds(board)).toEqual(ids);
    expect(board.activeId).toBe('a');
  });

  it('takes up a draft and is ready at its first untouched response', () => {
    const board = createBoard(ids, 4, { placements: [placed('a', 0), cannotJudge('b')], allBad: true });
    expect(board.places).toEqual({ a: 0, b: 'cannot_judge', c: null, d: null });
    expect(board.allBad).toBe(true);
    expect(board.activeId).toBe('c');
  });

  it('drops tiers and responses of a draft that no longer exist', () => {
    const board = createBoard(ids, 2, {
      placements: [placed('a', 3), placed('gone', 1), placed('b', 1)],
      allBad: false,
    });
    expect(board.places).toEqual({ a: null, b: 1, c: null, d: null });
  });
});

describe('placing', () => {
  it('moves on to the next untouched response, around the end', () => {
    const board = run(createBoard(ids, 4), put('c', 0));
    expect(board.activeId).toBe('d');
    expect(run(board, put('d', 1)).activeId).toBe('a');
  });

  it('stays on the last one when all are placed', () => {
    const board = run(createBoard(ids, 4), put('a', 0), put('b', 0), put('c', 1), put('d', 3));
    expect(board.activeId).toBe('d');
    expect(untouchedIds(board)).toEqual([]);
  });

  it('stays on a response that is only moved to another tier', () => {
    const board = run(createBoard(ids, 4), put('a', 0), put('a', 2));
    expect(board.activeId).toBe('a');
    expect(board.places.a).toBe(2);
  });

  it('ignores tiers that the project does not have, and unknown responses', () => {
    const board = createBoard(ids, 3);
    expect(run(board, put('a', 3))).toBe(board);
    expect(run(board, put('a', -1))).toBe(board);
    expect(run(board, put('z', 0))).toBe(board);
  });

  it('adds nothing to the history when nothing changes', () => {
    const board = run(createBoard(ids, 4), put('a', 1));
    expect(run(board, put('a', 1)).past).toHaveLength(1);
  });

  it('can be taken back to untouched, which is not can’t judge', () => {
    const board = run(createBoard(ids, 4), put('a', 1), put('a', null));
    expect(untouchedIds(board)).toEqual(ids);
  });
});

describe('undo and redo', () => {
  it('brings back the place and returns to the response that had moved', () => {
    const board = run(createBoard(ids, 4), put('a', 0), put('b', 1), { type: 'undo' });
    expect(board.places).toMatchObject({ a: 0, b: null });
    expect(board.activeId).toBe('b');
    expect(run(board, { type: 'redo' }).places).toMatchObject({ a: 0, b: 1 });
  });

  it('covers "all are bad"', () => {
    const board = run(createBoard(ids, 4), { type: 'toggle-all-bad' });
    expect(board.allBad).toBe(true);
    expect(run(board, { type: 'undo' }).allBad).toBe(false);
  });

  it('forgets the undone future after a new placement', () => {
    const board = run(createBoard(ids, 4), put('a', 0), { type: 'undo' }, put('a', 3));
    expect(board.future).toEqual([]);
    expect(run(board, { type: 'redo' })).toBe(board);
  });

  it('does nothing with nothing to undo or redo', () => {
    const board = createBoard(ids, 4);
    expect(run(board, { type: 'undo' })).toBe(board);
    expect(run(board, { type: 'redo' })).toBe(board);
  });

  it('undoing everything and redoing everything gives both ends again (any actions)', () => {
    const action = fc.oneof(
      fc.record({
        type: fc.constant('place' as const),
        id: fc.constantFrom(...ids),
        place: fc.constantFrom(null, 'cannot_judge' as const, 0, 1, 2, 3),
      }),
      fc.constant({ type: 'toggle-all-bad' as const }),
      fc.record({ type: fc.constant('step' as const), by: fc.constantFrom(1 as const, -1 as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const start = createBoard(ids, 4);
        const end = run(start, ...actions);
        let board = end;
        while (board.past.length > 0) board = run(board, { type: 'undo' });
        expect({ places: board.places, allBad: board.allBad }).toEqual({ places: start.places, allBad: start.allBad });
        while (board.future.length > 0) board = run(board, { type: 'redo' });
        expect({ places: board.places, allBad: board.allBad }).toEqual({ places: end.places, allBad: end.allBad });
        expect(ids).toContain(board.activeId);
      }),
    );
  });
});

describe('moving the focus', () => {
  it('follows the order on screen and stops at its ends', () => {
    const board = run(createBoard(ids, 4), put('a', 1), put('b', 0));
    expect(displayOrder(board)).toEqual(['c', 'd', 'b', 'a']);
    expect(board.activeId).toBe('c');
    expect(run(board, { type: 'step', by: -1 }).activeId).toBe('c');
    expect(run(board, { type: 'step', by: 1 }, { type: 'step', by: 1 }).activeId).toBe('b');
    expect(run(board, { type: 'jump', to: 'last' }, { type: 'step', by: 1 }).activeId).toBe('a');
  });
});

describe('toPlacements', () => {
  it('says of every response what happened to it', () => {
    const board = run(createBoard(ids, 4), put('a', 2), put('b', 'cannot_judge'));
    expect(toPlacements(board)).toEqual([
      { responseId: 'a', state: 'placed', tier: 2 },
      { responseId: 'b', state: 'cannot_judge', tier: null },
      { responseId: 'c', state: 'not_judged', tier: null },
      { responseId: 'd', state: 'not_judged', tier: null },
    ]);
  });

  it('goes through the server’s form and back unchanged', () => {
    const board = run(createBoard(ids, 4), put('a', 0), put('d', 'cannot_judge'), { type: 'toggle-all-bad' });
    const again = createBoard(ids, 4, contentOf(board, 0));
    expect(again.places).toEqual(board.places);
    expect(again.allBad).toBe(true);
  });

  it('a draft lists only what was touched, and gives the same board', () => {
    const board = run(createBoard(ids, 4), put('a', 0), put('b', 1), put('b', null), put('d', 'cannot_judge'));
    const draft = touchedOnly(contentOf(board, 7));
    expect(draft).toEqual({ allBad: false, timeOnTaskMs: 7, placements: [placed('a', 0), cannotJudge('d')] });
    expect(createBoard(ids, 4, draft).places).toEqual(board.places);
  });
});
