/** Whether somebody is selecting in an element: the pointer went down in it and is down, or a passage of it is selected. */
let pressed: EventTarget | null = null;
let isWatched = false;
const listeners = new Set<() => void>();

export function isSelectingIn(element: Element | null): boolean {
  if (!element) return false;
  if (pressed instanceof Node && element.contains(pressed)) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode);
}

/** Calls `listener` whenever a selection may have ended. @returns what stops that. */
export function onSelectionChange(listener: () => void): () => void {
  watch();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function watch(): void {
  if (isWatched) return;
  isWatched = true;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const press = (target: EventTarget | null) => {
    pressed = target;
    changed();
  };
  addEventListener('pointerdown', ({ button, target }) => press(button === 0 ? target : null), true);
  for (const type of ['pointerup', 'pointercancel', 'contextmenu']) addEventListener(type, () => press(null), true);
  document.addEventListener('selectionchange', changed);
}
