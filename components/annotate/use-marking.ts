'use client';

import { useCallback, useState } from 'react';

const storageKey = 'rescue-marking';

/** Whether a pointer on a response selects text instead of dragging the card; remembered on this device. */
export function useMarking(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    try {
      return localStorage.getItem(storageKey) === 'on';
    } catch {
      return false;
    }
  });
  const change = useCallback((next: boolean) => {
    setOn(next);
    try {
      localStorage.setItem(storageKey, next ? 'on' : 'off');
    } catch {
      // Storage is blocked: the choice holds until the page is left.
    }
  }, []);
  return [on, change];
}
