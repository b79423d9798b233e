'use client';

import { useCallback, useState } from 'react';
import { defaultBindings, type KeyBindings, readBindings, storeBindings } from './key-bindings';

/** A person's keys, kept on this device. */
export function useKeyBindings(userId: string): [KeyBindings, (bindings: KeyBindings) => void] {
  const storageKey = `rescue-keys:${userId}`;
  const [bindings, setBindings] = useState<KeyBindings>(() => {
    try {
      return readBindings(localStorage.getItem(storageKey));
    } catch {
      return defaultBindings;
    }
  });
  const change = useCallback(
    (next: KeyBindings) => {
      setBindings(next);
      try {
        if (next === defaultBindings) localStorage.removeItem(storageKey);
        else localStorage.setItem(storageKey, storeBindings(next));
      } catch {
        // Storage is blocked: the keys hold until the page is left.
      }
    },
    [storageKey],
  );
  return [bindings, change];
}
