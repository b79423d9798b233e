import { BrowserError } from '@/components/ui/browser-error';
import type { MessageValue } from '@/trainer/contract/message';

/** What is fetched, or which file of the model: as `ui.failures.notLoaded` calls it. */
export type FetchSubject = 'model' | 'snapshot' | 'checkpoint' | 'prompts' | { readonly file: string };

/** Downloads `url` whole; `onBytes` hears every piece's length. Throws a BrowserError, the signal's reason. */
export async function fetchBytes(
  url: string,
  what: FetchSubject,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal, credentials: 'same-origin' }).catch(() => {
    signal.throwIfAborted();
    throw notLoaded(what, { key: 'ui.failures.serverSilent' });
  });
  if (!response.ok) throw notLoaded(what, await reason(response));
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  // A browser may break off a body with an error of its own.
  const read = () =>
    reader?.read().catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  for (let piece = await read(); piece && !piece.done; piece = await read()) {
    pieces.push(piece.value);
    length += piece.value.length;
    onBytes(piece.value.length);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

const notLoaded = (what: FetchSubject, reason: MessageValue) =>
  new BrowserError(
    'notLoaded',
    typeof what === 'object' ? { what: 'file', file: what.file, reason } : { what, file: '', reason },
  );

/** The server's own words are in the language of the page already. */
async function reason(response: Response): Promise<MessageValue> {
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  return body?.error?.message ?? { key: 'ui.failures.serverAnswered', values: { status: response.status } };
}
