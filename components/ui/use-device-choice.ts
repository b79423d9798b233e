'use client';

import { useCallback, useState } from 'react';

/** One of several options, remembered on this device. `initial`: until somebody has chosen. */
export function useDeviceOption<T extends string>(
  storageKey: string,
  options: readonly T[],
  initial: T,
): [T, (option: T) => void] {
  const [chosen, setChosen] = useState<T>(() => {
    try {
      const stored = localStorage.getItem(storageKey);
      return options.find((option) => option === stored) ?? initial;
    } catch {
      return initial;
    }
  });
  const change = useCallback(
    (next: T) => {
      setChosen(next);
      try {
        localStorage.setItem(storageKey, next);
      } catch {
        // Storage is blocked: the choice holds until the page is left.
      }
    },
    [storageKey],
  );
  return [chosen, change];
}

const SWITCH = ['on', 'off'] as const;

/** Something that is on or off, remembered on this device. */
export function useDeviceChoice(storageKey: string, initial: boolean): [boolean, (on: boolean) => void] {
  const [state, setState] = useDeviceOption(storageKey, SWITCH, initial ? 'on' : 'off');
  const change = useCallback((on: boolean) => setState(on ? 'on' : 'off'), [setState]);
  return [state === 'on', change];
}
