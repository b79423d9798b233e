/**
 * Uploads a file in chunks. Bytes that arrived before a connection broke are kept by the server, which reports the
 * offset to continue at, also after a reload if the same file is chosen again. At the end the file's hash is checked.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { HASH_HEADER, OFFSET_HEADER, type UploadState } from '@/lib/schemas/upload';
import { ApiError, api } from './api';
import { retryDelayMs, retryReason } from './retry-policy';

export interface UploadCallbacks {
  /** Bytes that have arrived. */
  onProgress?: (bytes: number) => void;
  /** Whether the connection is lost and the next attempt is pending. */
  onWaiting?: (waiting: boolean) => void;
  signal?: AbortSignal;
  /** Waits before the n-th attempt in a row, from 0; it ends early when the browser is online again. */
  waitMs?: (failures: number) => number;
}

const FIRST_PIECE = 2 ** 20;
const LARGEST_PIECE = 2 ** 25;
/** The target duration of a chunk: slow connections get small chunks, so that progress is visible. */
const PIECE_MS = 2_000;
const HASH_STEP = 2 ** 20;
/** Amounts to more than two minutes of waiting. */
const MAX_FAILURES = 8;

const backoffMs = (failures: number) => retryDelayMs(failures + 1) * (0.8 + 0.4 * Math.random());

/**
 * @param begin starts the upload of this file or returns the one started before
 * @returns the id of the complete upload
 * @throws ApiError if the server refuses or has not answered for minutes
 */
export async function uploadInChunks(
  begin: () => Promise<UploadState>,
  file: Blob,
  steps: UploadCallbacks = {},
): Promise<string> {
  const upload = await withRetries(begin, steps);
  const hash = createFileHasher(file, steps.signal);
  if (upload.sha256 === null) return sendRest(upload, file, hash, steps);
  if (upload.sha256 === (await hash.digest())) {
    // The file had been uploaded completely before.
    steps.onProgress?.(file.size);
    return upload.id;
  }
  // Another file with the same name, size and time.
  await api(`/uploads/${upload.id}`, { method: 'DELETE', signal: steps.signal });
  return sendRest(await withRetries(begin, steps), file, hash, steps);
}

async function sendRest(
  { id, offset }: UploadState,
  file: Blob,
  hash: ReturnType<typeof createFileHasher>,
  steps: UploadCallbacks,
): Promise<string> {
  const { onProgress, signal } = steps;
  const path = `/uploads/${id}`;
  let position = offset;
  let size = FIRST_PIECE;
  onProgress?.(position);
  do {
    const startedAt = performance.now();
    const state = await withRetries(
      () => sendPiece(path, file.slice(position, position + size), position, signal),
      steps,
      // More bytes may have arrived than were acknowledged.
      async () => {
        const received = await api<UploadState>(path, { signal });
        const hasProgressed = received.offset !== position;
        position = received.offset;
        onProgress?.(position);
        return hasProgressed;
      },
    );
    position = state.offset;
    onProgress?.(position);
    hash.hashUpTo(position);
    const share = PIECE_MS / Math.max(1, performance.now() - startedAt);
    size = Math.round(Math.min(LARGEST_PIECE, Math.max(FIRST_PIECE / 16, size * Math.min(2, Math.max(0.25, share)))));
  } while (position < file.size);
  const headers = { [HASH_HEADER]: await hash.digest() };
  await withRetries(() => api(`${path}/finish`, { method: 'POST', headers, signal }), steps);
  return id;
}

function sendPiece(path: string, body: Blob, offset: number, signal?: AbortSignal): Promise<UploadState> {
  const headers = { 'content-type': 'application/octet-stream', [OFFSET_HEADER]: String(offset) };
  return api<UploadState>(path, { method: 'PATCH', body, headers, signal });
}

/** Retries with growing delays while the server cannot be reached. `hasProgressed`: some bytes arrived after all. */
async function withRetries<T>(
  send: () => Promise<T>,
  { onWaiting, signal, waitMs = backoffMs }: UploadCallbacks,
  hasProgressed: () => Promise<boolean> = async () => false,
): Promise<T> {
  let checkState = false;
  for (let failures = 0; ; ) {
    try {
      if (checkState && (await hasProgressed())) failures = 0;
      checkState = false;
      const answer = await send();
      onWaiting?.(false);
      return answer;
    } catch (error) {
      if (!isRetryable(error) || failures >= MAX_FAILURES) throw error;
      checkState = true;
      if (error.status !== 409) {
        onWaiting?.(true);
        await wait(waitMs(failures), signal);
      }
      failures += 1;
    }
  }
}

/** Whether the failure may be temporary: of the connection, a full server, or an upload that another tab continues. */
function isRetryable(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  if (typeof (error.details as { offset?: unknown } | undefined)?.offset === 'number') return true;
  return error.code === 'network' || retryReason(error.status) === 'busy' || [502, 504].includes(error.status);
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', end);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) fail(new ApiError(0, 'aborted', 'Stopped.'));
      else done();
    };
    const timer = setTimeout(end, ms);
    globalThis.addEventListener?.('online', end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** Computes SHA-256 while the file is sent: WebCrypto needs the complete file, and a secure context. */
function createFileHasher(file: Blob, signal?: AbortSignal) {
  const hash = sha256.create();
  let hashed = 0;
  let last: Promise<void> = Promise.resolve();
  const hashUpTo = (end: number) => {
    last = last.then(async () => {
      while (hashed < end && !signal?.aborted) {
        const piece = file.slice(hashed, Math.min(end, hashed + HASH_STEP));
        hash.update(new Uint8Array(await piece.arrayBuffer()));
        hashed += piece.size;
      }
    });
    // A file that changed on disk cannot be read any more; `digest` reports that.
    last.catch(() => undefined);
  };
  const digest = async () => {
    hashUpTo(file.size);
    await last;
    if (signal?.aborted) throw new ApiError(0, 'aborted', 'Stopped.');
    return bytesToHex(hash.clone().digest());
  };
  return { hashUpTo, digest };
}
