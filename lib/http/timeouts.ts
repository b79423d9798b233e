/**
 * The server's timeouts. A request may take any time while its bytes keep arriving, since a large model takes hours
 * over a slow line. A connection is closed when too few bytes move, or when a small request takes longer than any form
 * would.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { bodyLimit } from './body-limits';
import { LARGE_BODY } from './bounded-body';

export interface Timeouts {
  /** The headers must have arrived by then. */
  headersMs: number;
  /** In every interval of this length at least `bytes` must arrive, or the client must read something. */
  idleMs: number;
  bytes: number;
  /** The whole body must have arrived by then, unless it is a file. */
  formMs: number;
  /** How long the connection stays open after an answer that was sent before the whole body had arrived. */
  drainMs: number;
}

const defaultTimeouts: Timeouts = { headersMs: 60_000, idleMs: 60_000, bytes: 1024, formMs: 300_000, drainMs: 2_000 };

/** Replaces Node's limit of five minutes for any request. */
export function applyTimeouts(server: Server, limits: Timeouts = defaultTimeouts): void {
  server.requestTimeout = 0;
  server.headersTimeout = limits.headersMs;
  server.on('request', (request, response) => {
    watchProgress(request, response, limits);
    response.once('finish', () => drainAfterAnswer(request, limits.drainMs));
  });
}

function watchProgress(request: IncomingMessage, response: ServerResponse, { idleMs, bytes, formMs }: Timeouts): void {
  const { socket } = request;
  const started = performance.now();
  const isForm = bodyLimit(request.method ?? '', (request.url ?? '').split('?')[0]!) <= LARGE_BODY;
  let read = socket.bytesRead;
  let wasWaitingForClient = true;
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    // Unread bytes in the buffer are the server's delay; otherwise the server is waiting for the client.
    const waitingForClient = request.readableLength === 0;
    const tooSlow = socket.bytesRead - read < bytes || (isForm && performance.now() - started > formMs);
    read = socket.bytesRead;
    // The server may have read the buffer only just now, which would have kept the client from sending until then.
    if (waitingForClient && wasWaitingForClient && tooSlow) socket.destroy();
    wasWaitingForClient = waitingForClient;
  }, idleMs);
  response.once('close', () => clearInterval(timer));
  // Nothing moves while the server computes either; only an answer that the client does not read is aborted.
  response.setTimeout(idleMs, () => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

/**
 * Drains the body for a moment, so that closing the connection does not lose the answer; then the connection is closed.
 */
function drainAfterAnswer(request: IncomingMessage, drainMs: number): void {
  if (request.complete) return;
  const { socket } = request;
  request.removeAllListeners('readable');
  setImmediate(() => request.resume());
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, drainMs);
  const stop = () => clearTimeout(timer);
  request.once('end', stop);
  socket.once('close', stop);
}
