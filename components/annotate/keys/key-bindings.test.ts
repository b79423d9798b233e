import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { boardCommand } from './board-keys';
import {
  actionLabel,
  boardActions,
  defaultBindings,
  type KeyPress,
  keyLabel,
  keyOf,
  readBindings,
  rebind,
  storeBindings,
} from './key-bindings';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('keyOf', () => {
  it.each([
    ['C', press('C')],
    ['Space', press(' ')],
    ['?', press('?', { shiftKey: true })],
    ['1', press('&', { code: 'Digit1' })],
    ['C', press('с', { code: 'KeyC' })],
    ['D', press('ي', { code: 'KeyD' })],
  ])('%s', (label, key) => {
    expect(keyLabel(keyOf(key) ?? '')).toBe(label);
  });

  it.each(['Tab', 'Escape', 'ArrowUp', 'Home', 'F5', 'Shift', 'Dead', 'Process', 'PageDown'])(
    'cannot bind %s',
    (key) => {
      expect(keyOf(press(key))).toBeNull();
    },
  );

  it('leaves combinations to the browser', () => {
    expect(keyOf(press('c', { ctrlKey: true }))).toBeNull();
    expect(keyOf(press('Enter', { shiftKey: true }))).toBeNull();
  });
});

describe('rebinding', () => {
  it('gives an action another key, and the board listens to that one only', () => {
    const changed = rebind(defaultBindings, 'cannot-judge', press('j'));
    expect(changed.ok).toBe(true);
    const bindings = changed.ok ? changed.bindings : defaultBindings;
    expect(boardCommand(press('j'), bindings)).toEqual({ type: 'cannot-judge' });
    expect(boardCommand(press('c'), bindings)).toBeNull();
  });

  it('refuses a key that does something else, and says what', () => {
    expect(rebind(defaultBindings, 'undo', press('c'))).toEqual({ ok: false, reason: 'taken', by: 'cannot-judge' });
    expect(rebind(defaultBindings, 'undo', press('ArrowUp'))).toEqual({ ok: false, reason: 'unusable' });
  });

  it('takes the key that the action has already', () => {
    expect(rebind(defaultBindings, 'undo', press('U'))).toEqual({ ok: true, bindings: defaultBindings });
  });
});

describe('stored bindings', () => {
  it('come back, and hold only what was changed', () => {
    const changed = rebind(defaultBindings, 'tier-1', press('q'));
    const bindings = changed.ok ? changed.bindings : defaultBindings;
    expect(storeBindings(bindings)).toBe('{"tier-1":"q"}');
    expect(readBindings(storeBindings(bindings))).toEqual(bindings);
  });

  it('outlive actions that came later: those take a key that is free', () => {
    const bindings = readBindings('{"undo":"t","redo":"m"}');
    expect(bindings).toMatchObject({ undo: 't', redo: 'm', marking: 'h' });
    expect(new Set(Object.values(bindings)).size).toBe(boardActions.length);
    expect(readBindings(storeBindings(bindings))).toEqual(bindings);
  });

  it.each([null, '', '{', '[]', '{"undo":"c"}', '{"undo":5}', '{"undo":"Escape"}', '{"undo":""}'])(
    'that make no sense give the defaults: %s',
    (stored) => {
      expect(readBindings(stored)).toEqual(defaultBindings);
    },
  );
});

it('every action has a key of its own and words', () => {
  expect(new Set(Object.values(defaultBindings)).size).toBe(boardActions.length);
  for (const action of boardActions)
    expect(actionLabel(action, ['Best', 'Worst'], translatorFor('annotate'))).not.toBe('');
  expect(actionLabel('tier-1', ['Best', 'Worst'], translatorFor('annotate'))).toBe('Place in Best');
  expect(actionLabel('tier-6', ['Best', 'Worst'], translatorFor('annotate'))).toBe('Place in Tier 6');
});
