/** What a key means on the board. */
export type BoardCommand =
  | { type: 'tier'; index: number }
  | { type: 'unplace' }
  | { type: 'cannot-judge' }
  | { type: 'toggle-all-bad' }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'step'; by: 1 | -1 }
  | { type: 'jump'; to: 'first' | 'last' }
  | { type: 'save' }
  | { type: 'expand' }
  | { type: 'help' };

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The command of a key press, or null. Knows nothing of focus: see `keyOwner` for who gets it. */
export function boardCommand(press: KeyPress): BoardCommand | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.ctrlKey || press.metaKey) {
    if (key === 'z' && !press.altKey) return press.shiftKey ? { type: 'redo' } : { type: 'undo' };
    if (key === 'y' && !press.altKey && !press.shiftKey) return { type: 'redo' };
    return null;
  }
  if (press.altKey) return null;
  if (key === '?') return { type: 'help' };
  // Some layouts need Shift for digits: there the physical key counts.
  const digit = /^[0-9]$/.test(key)
    ? key
    : press.shiftKey
      ? undefined
      : /^(?:Digit|Numpad)([0-9])$/.exec(press.code)?.[1];
  if (digit !== undefined) {
    const value = Number(digit);
    if (value === 0) return { type: 'unplace' };
    return value <= 7 ? { type: 'tier', index: value - 1 } : null;
  }
  switch (key) {
    case 'c':
      return { type: 'cannot-judge' };
    case 'x':
      return { type: 'toggle-all-bad' };
    case 'u':
      return { type: 'undo' };
    case 'r':
      return { type: 'redo' };
    case 'ArrowDown':
    case 'ArrowRight':
      return { type: 'step', by: 1 };
    case 'ArrowUp':
    case 'ArrowLeft':
      return { type: 'step', by: -1 };
    case 'Home':
      return { type: 'jump', to: 'first' };
    case 'End':
      return { type: 'jump', to: 'last' };
    case 'Enter':
      return press.shiftKey ? null : { type: 'save' };
    case ' ':
      return { type: 'expand' };
    default:
      return null;
  }
}

/** Where the focus is, as far as keys care. */
export type KeyOwner = 'typing' | 'overlay' | 'control' | 'card' | 'page';

export function keyOwner(target: EventTarget | null): KeyOwner {
  if (!(target instanceof Element)) return 'page';
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return 'overlay';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'typing';
  if (target.closest('button, a[href], summary')) return 'control';
  if (target.closest('[data-response-card]')) return 'card';
  return 'page';
}

/**
 * Whether the board takes the command while `owner` has the focus. Text fields, menus and dialogs keep every key;
 * buttons and links keep Enter and Space; arrows scroll the page unless a card has the focus.
 * `singleKeys` false (the person turned them off): only a focused card takes keys.
 */
export function boardTakes(command: BoardCommand, owner: KeyOwner, singleKeys: boolean): boolean {
  if (owner === 'typing' || owner === 'overlay') return false;
  if (owner === 'card') return true;
  if (!singleKeys) return false;
  if (command.type === 'step' || command.type === 'jump' || command.type === 'expand') return false;
  return !(owner === 'control' && command.type === 'save');
}
