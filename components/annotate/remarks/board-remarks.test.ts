import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { IssueTag } from '@/lib/schemas/remarks';
import { type BoardAction, contentOf, createBoard, reduceBoard, touchedOnly } from '../board/board-state';
import { announceRemarks, changeRemarks, type RemarkAction, remarksOn } from './board-remarks';

const tags: IssueTag[] = [{ id: 'unsafe', name: 'Unsafe', color: 'purple' }];
const toggle = (id: string): RemarkAction => ({ type: 'toggle-tag', id, tag: 'unsafe' });
const highlight = (start: number, end: number) => ({ responseId: 'a', start, end, tag: 'unsafe' });
const run = (...actions: BoardAction[]) => actions.reduce(reduceBoard, createBoard(['a', 'b'], 4));

describe('remarks on the board', () => {
  it('a tag goes on and off, a highlight is there once, in the order of the text', () => {
    expect(changeRemarks(changeRemarks(noRemarks, toggle('a')), toggle('a')).tags).toEqual([]);
    const late = changeRemarks(noRemarks, { type: 'highlight', highlight: highlight(5, 7) });
    const both = changeRemarks(late, { type: 'highlight', highlight: highlight(1, 3) });
    expect(both.marks).toEqual([highlight(1, 3), highlight(5, 7)]);
    expect(changeRemarks(both, { type: 'highlight', highlight: highlight(1, 3) })).toBe(both);
    expect(changeRemarks(both, { type: 'highlight', highlight: highlight(3, 3) })).toBe(both);
    expect(changeRemarks(both, { type: 'remove-highlight', highlight: highlight(5, 7) }).marks).toEqual([
      highlight(1, 3),
    ]);
  });

  it('undo and redo walk through tags, highlights and placements alike', () => {
    const board = run(
      toggle('a'),
      { type: 'place', id: 'a', place: 0 },
      { type: 'highlight', highlight: highlight(0, 2) },
    );
    const once = reduceBoard(board, { type: 'undo' });
    expect([once.remarks.marks, once.places.a]).toEqual([[], 0]);
    const twice = reduceBoard(once, { type: 'undo' });
    expect([twice.remarks.tags.length, twice.places.a]).toEqual([1, null]);
    const thrice = reduceBoard(twice, { type: 'undo' });
    expect(thrice.remarks).toEqual(noRemarks);
    const back = [1, 2, 3].reduce((state) => reduceBoard(state, { type: 'redo' }), thrice);
    expect(back).toEqual(board);
  });

  it('a stretch of typing is one step', () => {
    const typed = run(toggle('a'), ...['G', 'Go', 'Good'].map((text): BoardAction => ({ type: 'comment', text })));
    expect(typed.remarks.comment).toBe('Good');
    const undone = reduceBoard(typed, { type: 'undo' });
    expect(undone.remarks).toMatchObject({ comment: '', tags: [{ responseId: 'a' }] });
    expect(reduceBoard(undone, { type: 'redo' }).remarks.comment).toBe('Good');
    const more = [toggle('b'), { type: 'comment', text: 'Good!' } as const].reduce(reduceBoard, typed);
    expect(reduceBoard(more, { type: 'undo' }).remarks.comment).toBe('Good');
  });

  it('a draft and a stored version bring them back; nothing said leaves nothing behind', () => {
    const board = run(toggle('a'), { type: 'comment', text: 'Hm' });
    const content = touchedOnly(contentOf(board, 1));
    expect(content.remarks).toEqual(board.remarks);
    expect(createBoard(['a', 'b'], 4, content).remarks).toEqual(board.remarks);
    expect(createBoard(['a', 'b'], 4, { allBad: false, placements: [] }).remarks).toEqual(noRemarks);
    expect(contentOf(run(), 1)).not.toHaveProperty('remarks');
  });

  it('forgets what names a response that the prompt does not have', () => {
    const strange = { ...noRemarks, tags: [{ responseId: 'gone', tag: 'unsafe' }], marks: [highlight(0, 1)] };
    expect(remarksOn(['a'], strange)).toEqual({ comment: '', tags: [], marks: [highlight(0, 1)] });
  });

  it('is said aloud by name', () => {
    const after = changeRemarks(changeRemarks(noRemarks, toggle('a')), {
      type: 'highlight',
      highlight: highlight(0, 1),
    });
    const t = translatorFor('annotate');
    const nameOf = (id: string) => `Response ${id.toUpperCase()}`;
    expect(announceRemarks(noRemarks, after, tags, nameOf, t)).toBe(
      'Response A: tagged Unsafe. Response A: passage highlighted as Unsafe.',
    );
    expect(announceRemarks(after, noRemarks, tags, nameOf, t)).toBe(
      'Response A: tag Unsafe removed. Response A: highlight removed.',
    );
  });
});
