import {
  actionOfKey,
  type BoardActionName,
  defaultBindings,
  type KeyBindings,
  type KeyPress,
  keyOf,
} from './key-bindings';

export type { KeyPress } from './key-bindings';

/** What a key means on the board. */
export type BoardCommand =
  | { type: 'tier'; index: number }
  | { type: 'unplace' }
  | { type: 'cannot-judge' }
  | { type: 'toggle-all-bad' }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'step'; by: 1 | -1; sideways?: true }
  | { type: 'jump'; to: 'first' | 'last' }
  | { type: 'save' }
  | { type: 'expand' }
  | { type: 'compare' }
  | { type: 'next-pair' }
  | { type: 'view' }
  | { type: 'raw' }
  | { type: 'close' }
  | { type: 'skip' }
  | { type: 'flag' }
  | { type: 'tag' }
  | { type: 'marks' }
  | { type: 'marking' }
  | { type: 'comment' }
  | { type: 'guidelines' }
  | { type: 'back' }
  | { type: 'help' };

/** Keys that mean the same for everybody. */
const fixed: Readonly<Record<string, BoardCommand>> = {
  ArrowDown: { type: 'step', by: 1 },
  ArrowRight: { type: 'step', by: 1, sideways: true },
  ArrowUp: { type: 'step', by: -1 },
  ArrowLeft: { type: 'step', by: -1, sideways: true },
  Home: { type: 'jump', to: 'first' },
  End: { type: 'jump', to: 'last' },
  Escape: { type: 'close' },
};

/**
 * The command of a key press, or null. Knows nothing of focus: see `keyOwner` for who gets it. On a page that runs
 * from right to left the next card is to the left.
 */
export function boardCommand(
  press: KeyPress,
  bindings: KeyBindings = defaultBindings,
  direction: 'ltr' | 'rtl' = 'ltr',
): BoardCommand | null {
  if (press.ctrlKey || press.metaKey) {
    const key = press.key.toLowerCase();
    if (key === 'z' && !press.altKey) return press.shiftKey ? { type: 'redo' } : { type: 'undo' };
    if (key === 'y' && !press.altKey && !press.shiftKey) return { type: 'redo' };
    return null;
  }
  if (press.altKey) return null;
  const always = fixed[press.key];
  if (always && 'sideways' in always && direction === 'rtl') return { ...always, by: always.by === 1 ? -1 : 1 };
  if (always) return always;
  const key = keyOf(press);
  const action = key === null ? null : actionOfKey(bindings, key);
  return action === null ? null : commandOf(action);
}

function commandOf(action: BoardActionName): BoardCommand {
  const tier = /^tier-(\d)$/.exec(action)?.[1];
  if (tier) return { type: 'tier', index: Number(tier) - 1 };
  if (action === 'all-bad') return { type: 'toggle-all-bad' };
  return { type: action as Exclude<BoardActionName, `tier-${number}` | 'all-bad'> };
}

/** Where the focus is, as far as keys care. A scroller is content that scrolls by itself: a long pane, wide code. */
export type KeyOwner = 'typing' | 'overlay' | 'control' | 'scroller' | 'pane' | 'card' | 'page';

export function keyOwner(target: EventTarget | null): KeyOwner {
  if (!(target instanceof Element)) return 'page';
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return 'overlay';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'typing';
  if (target.closest('button, a[href], summary')) return 'control';
  if (target.closest('[data-scrolls]')) return 'scroller';
  if (target.closest('[data-compare-pane]')) return 'pane';
  if (target.closest('[data-response-card]')) return 'card';
  return 'page';
}

/**
 * Whether the board takes the command while `owner` has the focus. Text fields, menus and dialogs keep every key;
 * buttons and links keep Enter and Space; arrows up and down scroll the page unless a card has the focus, and arrows
 * scroll what scrolls. Escape closes what is open, wherever the focus is.
 * `singleKeys` false (the person turned them off): only a focused card or pane takes keys.
 */
export function boardTakes(command: BoardCommand, owner: KeyOwner, singleKeys: boolean, key = ''): boolean {
  if (owner === 'typing' || owner === 'overlay') return false;
  if (owner === 'card' || command.type === 'close') return true;
  const moves = command.type === 'step' || command.type === 'jump';
  if (owner === 'pane') return !(moves && !('sideways' in command)) && key !== ' ';
  if (owner === 'scroller') return !moves && key !== ' ';
  if (!singleKeys) return false;
  if (moves) return owner === 'page' && 'sideways' in command;
  return !(owner === 'control' && (key === 'Enter' || key === ' ' || command.type === 'save'));
}
