'use client';

import { useEffect, useRef } from 'react';
import { type BoardCommand, boardCommand, boardTakes, keyOwner } from './board-keys';
import type { KeyBindings } from './key-bindings';

/** Listens to the whole page and hands the board's commands to `run`; everything else stays with the browser. */
export function useBoardKeys(run: (command: BoardCommand) => void, bindings: KeyBindings, singleKeys: boolean): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // A held key repeats: nobody means to save twenty prompts. Arrows may.
      if (event.defaultPrevented || event.isComposing) return;
      const command = boardCommand(event, bindings, document.dir === 'rtl' ? 'rtl' : 'ltr');
      if (!command || !boardTakes(command, keyOwner(event.target), singleKeys, event.key)) return;
      event.preventDefault();
      if (event.repeat && command.type !== 'step') return;
      latest.current(command);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [bindings, singleKeys]);
}
