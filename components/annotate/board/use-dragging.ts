'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { isLoaded, useLoaded, whenIdle } from '@/components/ui/use-loaded';
import type { Place } from './board-state';
import type { DragController } from './drag-controller';

const loadController = () => import('./drag-controller').then((part) => part.DragController);

/**
 * Lets cards be dragged by mouse, pen or long press. Keys, menus and taps work without it, so it is fetched when a
 * pointer first comes over the board, or when the page is idle. A finger gives no notice, so where there may be one it is
 * fetched at once.
 */
export function useDragging(root: RefObject<HTMLElement | null>, onDrop: (id: string, to: Place) => void): void {
  const [wanted, setWanted] = useState(() => isLoaded(loadController));
  const Controller = useLoaded(loadController, wanted);
  const controller = useRef<DragController>(null);
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
    if (!Controller || !root.current) return;
    const made = new Controller(root.current, (id, to) => latest.current(id, to));
    controller.current = made;
    return () => {
      made.destroy();
      controller.current = null;
    };
  }, [Controller, root]);

  // After each render, since what moved is a new element.
  useEffect(() => {
    latest.current = onDrop;
    controller.current?.sync();
  });
}
