const listeners = new Set<(projectId: string) => void>();

/** The server has work of this project that it did not have before, whichever page is open by then. */
export function publishSaved(projectId: string): void {
  for (const listener of listeners) listener(projectId);
}

/** @returns a function that ends it. */
export function onSaved(listener: (projectId: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
