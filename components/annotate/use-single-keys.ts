'use client';

import { useCallback, useState } from 'react';

const storageKey = 'rescue-single-keys';

/** Whether single keys work everywhere on the board page; remembered on this device. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    try {
      return localStorage.getItem(storageKey) !== 'off';
    } catch {
      return true;
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
