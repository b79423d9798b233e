import { BrowserError } from '@/components/ui/browser-error';
import type { MessageValue } from '@/trainer/contract/message';

/** The thing that is fetched, as named by `ui.failures.notLoaded`, or a file of the model. */
export type FetchSubject = 'model' | 'snapshot' | 'checkpoint' | 'prompts' | { readonly file: string };

/** Downloads `url`; `onBytes` is called with the length of each chunk. @throws BrowserError or the signal's reason */
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
  // Browsers throw various errors when a body is cut off.
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

/** The server's messages are already in the language of the page. */
async function reason(response: Response): Promise<MessageValue> {
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  return body?.error?.message ?? { key: 'ui.failures.serverAnswered', values: { status: response.status } };
}
