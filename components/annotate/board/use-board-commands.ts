'use client';

import type { RefObject } from 'react';
import type { BoardCommand } from '../keys/board-keys';
import type { KeyBindings } from '../keys/key-bindings';
import { useBoardKeys } from '../keys/use-board-keys';
import type { RemarkCommand } from '../remarks/use-board-remarks';
import type { BoardDialog } from './board-dialogs';
import type { BoardAction, BoardState, Place } from './board-state';
import { findResponse } from './in-view';
import { scrollerOf } from './scroller';

/** What the board can be asked to do. */
type BoardOperations = {
  /** Changes the board; `move` takes the focus along. */
  act: (action: BoardAction) => void;
  move: (action: BoardAction) => void;
  save: () => void;
  placeActive: (place: Place) => void;
  close: () => void;
  read: (id: string) => void;
  toggleExpanded: (id: string) => void;
  toggleFlag: () => void;
  changeView: () => void;
  toggleRaw: () => void;
  compare: () => void;
  nextPair: () => void;
  openDialog: (dialog: BoardDialog) => void;
  runRemark: (command: RemarkCommand) => void;
  onGuidelines: () => void;
  /** Missing where there is no prompt to go back to. */
  onBack?: () => void;
};

/** Gives every key its meaning in the view that is open. */
export function useBoardCommands(
  run: BoardOperations,
  state: {
    root: RefObject<HTMLElement | null>;
    newest: () => BoardState;
    isReading: boolean;
    /** In which responses follow each other while they are read. */
    order: readonly string[];
    canSkip: boolean;
  },
  bindings: KeyBindings,
  singleKeys: boolean,
): void {
  const { root, newest, isReading, order, canSkip } = state;

  /** Space: reads on in what is read, opens what is folded or lies in a tier. */
  const expand = () => {
    const board = newest();
    const { activeId } = board;
    if (activeId === null) return;
    if (isReading) {
      const pane = findResponse(root.current, activeId);
      const scroller = pane && (pane.scrollHeight > pane.clientHeight + 1 ? pane : scrollerOf(pane));
      scroller?.scrollBy({ top: 0.85 * scroller.clientHeight });
    } else if ((board.places[activeId] ?? null) === null) run.toggleExpanded(activeId);
    else run.read(activeId);
  };
  const step = (command: Extract<BoardCommand, { type: 'step' }>) => {
    if (!isReading) return run.move(command);
    const at = order.indexOf(newest().activeId ?? '');
    const next = order[Math.min(order.length - 1, Math.max(0, at + command.by))];
    if (next !== undefined) run.move({ type: 'activate', id: next });
  };

  useBoardKeys(
    (command: BoardCommand) => {
      switch (command.type) {
        case 'tier':
          return run.placeActive(command.index);
        case 'unplace':
          return run.placeActive(null);
        case 'cannot-judge':
          return run.placeActive('cannot_judge');
        case 'save':
          return run.save();
        case 'help':
          return run.openDialog('keys');
        case 'skip':
          return canSkip ? run.openDialog('skip') : undefined;
        case 'back':
          return run.onBack?.();
        case 'flag':
          return run.toggleFlag();
        case 'tag':
        case 'marks':
        case 'marking':
        case 'comment':
          return run.runRemark(command.type);
        case 'guidelines':
          return run.onGuidelines();
        case 'compare':
          return run.compare();
        case 'next-pair':
          return run.nextPair();
        case 'view':
          return run.changeView();
        case 'raw':
          return run.toggleRaw();
        case 'close':
          return run.close();
        case 'expand':
          return expand();
        case 'step':
          return step(command);
        case 'toggle-all-bad':
          return run.act(command);
        default:
          return run.move(command);
      }
    },
    bindings,
    singleKeys,
  );
}
