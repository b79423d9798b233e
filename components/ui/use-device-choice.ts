'use client';

import { useCallback, useState } from 'react';

/** Something that is on or off, remembered on this device. `initial`: until somebody has chosen. */
export function useDeviceChoice(storageKey: string, initial: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    try {
      const stored = localStorage.getItem(storageKey);
      return initial ? stored !== 'off' : stored === 'on';
    } catch {
      return initial;
    }
  });
  const change = useCallback(
    (next: boolean) => {
      setOn(next);
      try {
        localStorage.setItem(storageKey, next ? 'on' : 'off');
      } catch {
        // Storage is blocked: the choice holds until the page is left.
      }
    },
    [storageKey],
  );
  return [on, change];
}
