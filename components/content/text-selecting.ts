/** Whether somebody is selecting text: a pointer is down on the page, or a passage of it is selected. */
let isPointerDown = false;
let isWatched = false;

export function isSelecting(): boolean {
  const selection = getSelection();
  return isPointerDown || (selection !== null && !selection.isCollapsed && selection.anchorNode?.isConnected === true);
}

/** Calls `onEnd` whenever a selection may have ended; the first call's listener stays for the life of the page. */
export function watchSelecting(onEnd: () => void): void {
  if (isWatched) return;
  isWatched = true;
  const set = (isDown: boolean) => () => {
    isPointerDown = isDown;
    if (!isDown) onEnd();
  };
  addEventListener('pointerdown', set(true), true);
  for (const type of ['pointerup', 'pointercancel']) addEventListener(type, set(false), true);
  document.addEventListener('selectionchange', onEnd);
}
