import { useCallback, useEffect, useState } from 'react';

const listeners = new Set<(promptId: string) => void>();

/** The server took a judgement and says that there is feedback on it. */
export function publishGoldFeedback(promptId: string): void {
  for (const listener of listeners) listener(promptId);
}

/** The gold prompts whose feedback is still to be seen, oldest first, and how to take the first one off. */
export function useGoldSignal(): [readonly string[], () => void] {
  const [waiting, setWaiting] = useState<readonly string[]>([]);
  useEffect(() => {
    const listener = (promptId: string) => setWaiting((known) => [...known.filter((id) => id !== promptId), promptId]);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return [waiting, useCallback(() => setWaiting((known) => known.slice(1)), [])];
}
