import { describe, expect, it } from 'vitest';
import { boardCommand, boardTakes, type KeyPress } from './board-keys';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('boardCommand', () => {
  it.each([
    ['1', { type: 'tier', index: 0 }],
    ['7', { type: 'tier', index: 6 }],
    ['0', { type: 'unplace' }],
    ['c', { type: 'cannot-judge' }],
    ['C', { type: 'cannot-judge' }],
    ['x', { type: 'toggle-all-bad' }],
    ['u', { type: 'undo' }],
    ['r', { type: 'redo' }],
    ['?', { type: 'help' }],
    ['Enter', { type: 'save' }],
    [' ', { type: 'expand' }],
    ['ArrowDown', { type: 'step', by: 1 }],
    ['ArrowLeft', { type: 'step', by: -1, sideways: true }],
    ['d', { type: 'compare' }],
    ['s', { type: 'skip' }],
    ['f', { type: 'flag' }],
    ['End', { type: 'jump', to: 'last' }],
  ])('%s', (key, command) => {
    expect(boardCommand(press(key))).toEqual(command);
  });

  it('goes with the page where that runs from right to left', () => {
    const command = (key: string) => boardCommand(press(key), undefined, 'rtl');
    expect(command('ArrowLeft')).toEqual({ type: 'step', by: 1, sideways: true });
    expect(command('ArrowRight')).toEqual({ type: 'step', by: -1, sideways: true });
    expect(command('ArrowDown')).toEqual({ type: 'step', by: 1 });
  });

  it('takes the digit row of layouts that need Shift for digits', () => {
    expect(boardCommand(press('&', { code: 'Digit1' }))).toEqual({ type: 'tier', index: 0 });
    expect(boardCommand(press('à', { code: 'Digit0' }))).toEqual({ type: 'unplace' });
  });

  it('undoes and redoes with the system’s keys, too', () => {
    expect(boardCommand(press('z', { ctrlKey: true }))).toEqual({ type: 'undo' });
    expect(boardCommand(press('Z', { metaKey: true, shiftKey: true }))).toEqual({ type: 'redo' });
    expect(boardCommand(press('y', { ctrlKey: true }))).toEqual({ type: 'redo' });
  });

  it.each([press('8'), press('9'), press('q'), press('1', { ctrlKey: true }), press('c', { metaKey: true })])(
    'leaves everything else to the browser',
    (other) => {
      expect(boardCommand(other)).toBeNull();
    },
  );

  it('leaves key combinations with Alt and Shift+Enter alone', () => {
    expect(boardCommand(press('1', { altKey: true }))).toBeNull();
    expect(boardCommand(press('Enter', { shiftKey: true }))).toBeNull();
  });
});

describe('boardTakes', () => {
  const tier = { type: 'tier', index: 0 } as const;
  const save = { type: 'save' } as const;
  const step = { type: 'step', by: 1 } as const;

  it('never takes keys from text fields, menus and dialogs', () => {
    for (const owner of ['typing', 'overlay'] as const) {
      for (const command of [tier, save, step]) expect(boardTakes(command, owner, true)).toBe(false);
    }
  });

  it('leaves Enter to a focused button but takes digits there', () => {
    expect(boardTakes(save, 'control', true)).toBe(false);
    expect(boardTakes(tier, 'control', true)).toBe(true);
  });

  it('lets arrows scroll the page unless a card has the focus', () => {
    expect(boardTakes(step, 'page', true)).toBe(false);
    expect(boardTakes(step, 'card', true)).toBe(true);
  });

  it('with single keys off only a focused card takes keys', () => {
    expect(boardTakes(tier, 'page', false)).toBe(false);
    expect(boardTakes(tier, 'control', false)).toBe(false);
    expect(boardTakes(tier, 'card', false)).toBe(true);
  });

  it('in a comparison arrows up and down scroll, sideways ones change the side', () => {
    expect(boardTakes(step, 'pane', true)).toBe(false);
    expect(boardTakes({ ...step, sideways: true }, 'pane', true)).toBe(true);
    expect(boardTakes(tier, 'pane', false)).toBe(true);
    expect(boardTakes({ type: 'expand' }, 'pane', true, ' ')).toBe(false);
  });

  it('leaves Enter and Space to a focused button, whatever they are bound to', () => {
    expect(boardTakes(tier, 'control', true, 'Enter')).toBe(false);
    expect(boardTakes(tier, 'control', true, ' ')).toBe(false);
  });
});
