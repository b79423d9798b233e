import { useCallback, useRef } from 'react';

/** A new idempotency key: 128 random bits in hex. Works without a secure context, unlike randomUUID. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns the same key for the same content, so that a second press repeats the request; `forget` discards the key. */
export function idempotencyKeys(makeKey = newIdempotencyKey) {
  let last: { content: string; key: string } | null = null;
  return {
    keyFor(content: unknown): string {
      const text = JSON.stringify(content) ?? '';
      if (last?.content !== text) last = { content: text, key: makeKey() };
      return last.key;
    },
    forget(): void {
      last = null;
    },
  };
}

/** The keys of a component, one instance per mount. */
export function useIdempotencyKeys() {
  const held = useRef<ReturnType<typeof idempotencyKeys> | null>(null);
  held.current ??= idempotencyKeys();
  return held.current;
}

/** Runs one call at a time and ignores others meanwhile. React's state would be updated too late for this. */
export function useOneAtATime() {
  const running = useRef(false);
  return useCallback(async (work: () => Promise<unknown>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    try {
      await work();
    } finally {
      running.current = false;
    }
  }, []);
}
