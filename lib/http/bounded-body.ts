/**
 * Wraps a request so that its body is read lazily in chunks and never beyond its limit, where every way of reading it
 * throws a Refusal. Nothing is read before that, so a route can refuse a request without receiving its body.
 */
import { invalid, tooLarge, unavailable } from '@/lib/auth/refusal';
import { bodyLimit } from './body-limits';

/** A body that may be larger than this, in bytes, needs one of the slots for large uploads. */
export const LARGE_BODY = 4 * 1024 * 1024;
const UPLOAD_SLOTS = 8;
const UPLOAD_SLOTS_PER_PERSON = 3;
const RETRY_AFTER_SECONDS = 5;

export interface BoundedRequest {
  request: Request;
  /** The id of the person who uploads; it must be set before the body is read. */
  person: string;
  /** Releases the slot; called when the answer is complete, and the body is no longer in memory. */
  release(): void;
}

export function boundRequest(request: Request): BoundedRequest {
  const bounded: BoundedRequest = { request, person: '', release: () => undefined };
  const source = request.body?.getReader();
  if (!source) return bounded;
  const limit = bodyLimit(request.method, new URL(request.url).pathname);
  const announced = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
  const refuse = () => tooLarge('tooLarge', { limit: formatBytes(limit) });
  let received = 0;
  let started = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!started) {
          started = true;
          if (Number.isFinite(announced) && announced > limit) throw refuse();
          if (Math.min(limit, announced) > LARGE_BODY) bounded.release = acquireUploadSlot(bounded.person);
        }
        const { done, value } = await source.read().catch(() => {
          throw invalid('bodyBroke');
        });
        if (done) return controller.close();
        received += value.byteLength;
        // The rest is not read. The source is not cancelled, since that would close the connection before the answer is
        // sent.
        if (received > limit) throw refuse();
        controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  const { url, method, headers, signal } = request;
  bounded.request = new Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit);
  return bounded;
}

interface GlobalState {
  /** The ids of the people whose large uploads are running, one entry per upload. */
  rescueUploads?: string[];
}
const globalState = globalThis as GlobalState;

/** @returns the function that releases the slot @throws Refusal 'unavailable' while all slots are taken */
export function acquireUploadSlot(person: string): () => void {
  globalState.rescueUploads ??= [];
  const taken = globalState.rescueUploads;
  if (taken.length >= UPLOAD_SLOTS || taken.filter((other) => other === person).length >= UPLOAD_SLOTS_PER_PERSON) {
    throw unavailable('uploadsBusy', { seconds: RETRY_AFTER_SECONDS }, RETRY_AFTER_SECONDS);
  }
  taken.push(person);
  let released = false;
  return () => {
    if (!released) taken.splice(taken.indexOf(person), 1);
    released = true;
  };
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}
