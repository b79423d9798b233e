'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { isLoaded, useLoaded, whenIdle } from '@/components/ui/use-loaded';
import type { Place } from './board-state';
import type { DragHands } from './drag-hands';

const loadHands = () => import('./drag-hands').then((part) => part.DragHands);

/**
 * Lets cards be dragged by mouse, pen or long press. Keys, menus and taps work without it, so it is fetched when a
 * pointer first comes over the board, or when the page is idle. A finger gives no notice, so where there may be one it is
 * fetched at once.
 */
export function useDragging(root: RefObject<HTMLElement | null>, onDrop: (id: string, to: Place) => void): void {
  const [wanted, setWanted] = useState(() => isLoaded(loadHands));
  const Hands = useLoaded(loadHands, wanted);
  const hands = useRef<DragHands>(null);
  const latest = useRef(onDrop);

  useEffect(() => {
    const board = root.current;
    if (wanted || !board) return;
    const want = () => setWanted(true);
    if (matchMedia('(any-pointer: coarse)').matches) {
      want();
      return;
    }
    const callOff = whenIdle(want);
    board.addEventListener('pointerover', want, { once: true, passive: true });
    return () => {
      callOff();
      board.removeEventListener('pointerover', want);
    };
  }, [root, wanted]);

  useEffect(() => {
    if (!Hands || !root.current) return;
    const made = new Hands(root.current, (id, to) => latest.current(id, to));
    hands.current = made;
    return () => {
      made.destroy();
      hands.current = null;
    };
  }, [Hands, root]);

  // After each render, since what moved is a new element.
  useEffect(() => {
    latest.current = onDrop;
    hands.current?.sync();
  });
}
