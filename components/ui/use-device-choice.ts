'use client';

import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** Choices that storage does not take: they hold until the page is left. */
const unstored = new Map<string, string>();

function chosen(storageKey: string): string | null {
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored !== null) return stored;
  } catch {
    // Storage is blocked.
  }
  return unstored.get(storageKey) ?? null;
}

function choose(storageKey: string, option: string): void {
  try {
    localStorage.setItem(storageKey, option);
  } catch {
    unstored.set(storageKey, option);
  }
  for (const listener of listeners) listener();
}

function onChoice(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One of several options, remembered on this device, the same all over the page. `initial`: until somebody has chosen. */
export function useDeviceOption<T extends string>(
  storageKey: string,
  options: readonly T[],
  initial: T,
): [T, (option: T) => void] {
  const option = useSyncExternalStore(
    onChoice,
    () => options.find((known) => known === chosen(storageKey)) ?? initial,
    () => initial,
  );
  return [option, useCallback((next: T) => choose(storageKey, next), [storageKey])];
}

const SWITCH = ['on', 'off'] as const;

/** Something that is on or off, remembered on this device. */
export function useDeviceChoice(storageKey: string, initial: boolean): [boolean, (on: boolean) => void] {
  const [state, setState] = useDeviceOption(storageKey, SWITCH, initial ? 'on' : 'off');
  const change = useCallback((on: boolean) => setState(on ? 'on' : 'off'), [setState]);
  return [state === 'on', change];
}
