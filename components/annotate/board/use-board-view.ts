'use client';

import { type RefObject, useRef, useState } from 'react';
import { useDeviceOption } from '@/components/ui/use-device-choice';
import { useElementWidth } from '@/components/ui/use-element-width';
import { type BoardView, pageOf, paneCount, pinLimit, suggestedView, viewChoices } from './board-view';
import type { Pins } from './comparison';

/** Which view a prompt is in, and which responses are read in it. */
export function useBoardView({
  area,
  answers,
  ids,
  activeId,
  pins,
}: {
  /** Where responses are read. */
  area: RefObject<HTMLElement | null>;
  /** What the responses say, without their thinking; asked for once. */
  answers: () => readonly string[];
  ids: readonly string[];
  activeId: string | null;
  pins: Pins;
}) {
  const [choice, setChoice] = useDeviceOption('rescue-view', viewChoices, 'automatic');
  // A prompt stays in the view that it opened in, whatever responses lose or gain meanwhile.
  const [suggested] = useState(() => suggestedView(answers()));
  const view: BoardView = choice === 'automatic' ? suggested : choice;
  /** Opened from the board, to go back to it. */
  const [isOpened, setOpened] = useState(false);
  const width = useElementWidth(area);
  const scrolls = useRef(new Map<string, number>());
  const comparing = pins.length >= 2;
  const isReading = comparing || isOpened || view === 'focus';
  const count = isOpened && view === 'board' ? 1 : paneCount(width, ids.length);
  const read = comparing ? pins : pageOf(ids, activeId, count);
  return {
    view,
    choice,
    setChoice: (next: typeof choice) => {
      setOpened(false);
      setChoice(next);
    },
    comparing,
    isReading,
    /** It is read over the board, which comes back when it is closed. */
    isOpened: isOpened && view === 'board' && !comparing,
    setOpened,
    read,
    scrolls,
    limit: pinLimit(width),
  };
}
