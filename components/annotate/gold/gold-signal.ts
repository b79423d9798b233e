import { useCallback, useEffect, useState } from 'react';

const listeners = new Set<(promptId: string) => void>();

/** To be called when the server has stored a judgement on which there is feedback. */
export function publishGoldFeedback(promptId: string): void {
  for (const listener of listeners) listener(promptId);
}

/** The gold prompts whose feedback has not been seen yet, oldest first, and a function that removes the first. */
export function useGoldSignal(): [readonly string[], () => void] {
  const [waiting, setWaiting] = useState<readonly string[]>([]);
  useEffect(() => {
    const listener = (promptId: string) =>
      setWaiting((earlier) => [...earlier.filter((id) => id !== promptId), promptId]);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return [waiting, useCallback(() => setWaiting((earlier) => earlier.slice(1)), [])];
}
