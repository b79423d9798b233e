/** Which key does what on the board, and how a person changes that. Pure. */
import type { Translator } from '@/lib/i18n/translator';

export const boardActions = [
  'tier-1',
  'tier-2',
  'tier-3',
  'tier-4',
  'tier-5',
  'tier-6',
  'tier-7',
  'unplace',
  'cannot-judge',
  'all-bad',
  'expand',
  'compare',
  'next-pair',
  'view',
  'raw',
  'undo',
  'redo',
  'save',
  'skip',
  'flag',
  'tag',
  'marks',
  'marking',
  'comment',
  'guidelines',
  'back',
  'help',
] as const;
export type BoardActionName = (typeof boardActions)[number];
export type KeyBindings = Readonly<Record<BoardActionName, string>>;

export const defaultBindings: KeyBindings = {
  'tier-1': '1',
  'tier-2': '2',
  'tier-3': '3',
  'tier-4': '4',
  'tier-5': '5',
  'tier-6': '6',
  'tier-7': '7',
  unplace: '0',
  'cannot-judge': 'c',
  'all-bad': 'x',
  expand: 'Space',
  compare: 'd',
  'next-pair': 'p',
  view: 'v',
  raw: 'w',
  undo: 'u',
  redo: 'r',
  save: 'Enter',
  skip: 's',
  flag: 'f',
  tag: 't',
  marks: 'm',
  marking: 'h',
  comment: 'n',
  guidelines: 'g',
  back: 'b',
  help: '?',
};

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Actions that came later: a key that somebody has given to another action since is not theirs. */
const yielding: readonly BoardActionName[] = [
  'tag',
  'marks',
  'marking',
  'comment',
  'guidelines',
  'next-pair',
  'view',
  'raw',
];

const NAMED = new Set(['Enter', 'Space', 'Backspace', 'Delete', 'Insert']);

/**
 * The name that a key press has in the bindings, or null for keys that cannot be bound. Digits count by their place
 * where a layout needs Shift for them, and so do letters on keyboards that write other scripts.
 */
export function keyOf(press: KeyPress): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = press.key === ' ' ? 'Space' : press.key;
  if ([...key].length !== 1) {
    if (!NAMED.has(key)) return null;
    return key === 'Enter' && press.shiftKey ? null : key;
  }
  if (/^[0-9]$/.test(key)) return key;
  const digit = press.shiftKey ? undefined : /^(?:Digit|Numpad)([0-9])$/.exec(press.code)?.[1];
  if (digit !== undefined) return digit;
  if (/[^\p{ASCII}]/u.test(key) && /\p{L}/u.test(key)) {
    const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
    if (letter) return letter.toLowerCase();
  }
  return key.toLowerCase();
}

/** How people read a key's name: "C", "Space", "?". */
export function keyLabel(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

export function actionOfKey(bindings: KeyBindings, key: string): BoardActionName | null {
  return boardActions.find((action) => bindings[action] === key) ?? null;
}

export type Rebinding =
  | { ok: true; bindings: KeyBindings }
  | { ok: false; reason: 'unusable' | 'taken'; by?: BoardActionName };

/** Gives an action another key. A key that already does something else is refused: nothing is taken away silently. */
export function rebind(bindings: KeyBindings, action: BoardActionName, press: KeyPress): Rebinding {
  const key = keyOf(press);
  if (key === null) return { ok: false, reason: 'unusable' };
  const by = actionOfKey(bindings, key);
  if (by !== null && by !== action) return { ok: false, reason: 'taken', by };
  return { ok: true, bindings: { ...bindings, [action]: key } };
}

/** Bindings as they were stored. Anything that is not a complete set without conflicts gives the defaults. */
export function readBindings(stored: string | null): KeyBindings {
  try {
    const changed = JSON.parse(stored ?? '{}') as Record<string, unknown>;
    const bindings: Record<string, string> = { ...defaultBindings };
    for (const action of boardActions) {
      const key = changed[action];
      if (key === undefined) continue;
      if (typeof key !== 'string' || (key.length !== 1 && !NAMED.has(key))) return defaultBindings;
      bindings[action] = key;
    }
    for (const action of yielding) {
      const others = new Set(boardActions.filter((other) => other !== action).map((other) => bindings[other]));
      if (changed[action] !== undefined || !others.has(bindings[action])) continue;
      bindings[action] = [...'abcdefghijklmnopqrstuvwxyz'].find((key) => !others.has(key)) ?? '';
    }
    return new Set(Object.values(bindings)).size === boardActions.length
      ? (bindings as Record<BoardActionName, string>)
      : defaultBindings;
  } catch {
    return defaultBindings;
  }
}

/** Only what differs from the defaults, so that a later default reaches everybody who did not change it. */
export function storeBindings(bindings: KeyBindings): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(bindings).filter(([action, key]) => defaultBindings[action as BoardActionName] !== key),
    ),
  );
}

/** What an action does, in words. */
export function actionLabel(action: BoardActionName, tiers: readonly string[], t: Translator<'annotate'>): string {
  const tier = /^tier-(\d)$/.exec(action)?.[1];
  if (!tier) {
    const other = action as Exclude<BoardActionName, `tier-${TierDigit}`>;
    return t(`actions.${other}`);
  }
  return t('actions.tier', { tier: tiers[Number(tier) - 1] ?? t('tierNumber', { number: Number(tier) }) });
}

type TierDigit = 1 | 2 | 3 | 4 | 5 | 6 | 7;
