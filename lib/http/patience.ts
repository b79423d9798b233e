/**
 * How long the server waits for somebody. A request may take as long as it needs while its bytes keep coming: a large
 * model takes hours over a slow line. What is cut off is a connection on which too little moves, and a small request
 * that takes longer than a person at a form would.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { bodyLimit } from './body-limits';
import { LARGE_BODY } from './bounded-body';

export interface Patience {
  /** Headers must be there by then. */
  headersMs: number;
  /** In every such span at least `bytes` must come, or something be taken. */
  idleMs: number;
  bytes: number;
  /** All of a body that is no file must be there by then. */
  formMs: number;
  /** How long an answer that did not wait for the whole body is left to be read. */
  lingerMs: number;
}

const patience: Patience = { headersMs: 60_000, idleMs: 60_000, bytes: 1024, formMs: 300_000, lingerMs: 2_000 };

/** Instead of Node's five minutes for any request. */
export function waitPatiently(server: Server, limits: Patience = patience): void {
  server.requestTimeout = 0;
  server.headersTimeout = limits.headersMs;
  server.on('request', (request, response) => {
    watch(request, response, limits);
    response.once('finish', () => linger(request, limits.lingerMs));
  });
}

function watch(request: IncomingMessage, response: ServerResponse, { idleMs, bytes, formMs }: Patience): void {
  const { socket } = request;
  const begun = performance.now();
  const isForm = bodyLimit(request.method ?? '', (request.url ?? '').split('?')[0]!) <= LARGE_BODY;
  let read = socket.bytesRead;
  let wasTheirs = true;
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    // What has come and nobody has taken yet is our delay; what has not come is theirs.
    const theirs = request.readableLength === 0;
    const tooSlow = socket.bytesRead - read < bytes || (isForm && performance.now() - begun > formMs);
    read = socket.bytesRead;
    // What we only took just now may have kept the rest from coming for all of the span.
    if (theirs && wasTheirs && tooSlow) socket.destroy();
    wasTheirs = theirs;
  }, idleMs);
  response.once('close', () => clearInterval(timer));
  // Nothing moves for a while also where the server is at work; only an answer that nobody takes is given up.
  response.setTimeout(idleMs, () => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

/** Reads on for a moment, so that the answer is not lost with the connection; then the rest of the body is not wanted. */
function linger(request: IncomingMessage, lingerMs: number): void {
  if (request.complete) return;
  const { socket } = request;
  request.removeAllListeners('readable');
  setImmediate(() => request.resume());
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, lingerMs);
  const stop = () => clearTimeout(timer);
  request.once('end', stop);
  socket.once('close', stop);
}
