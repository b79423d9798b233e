const listeners = new Set<(projectId: string) => void>();

/** To be called when the server has stored new work of a project, whichever page is open by then. */
export function publishSaved(projectId: string): void {
  for (const listener of listeners) listener(projectId);
}

/** @returns a function that removes the listener. */
export function onSaved(listener: (projectId: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
