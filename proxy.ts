import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { hubSources } from '@/lib/services/hub-origin';

/** A Content-Security-Policy for every page and worker: only this app's own scripts run. */
export function proxy(request: NextRequest): NextResponse {
  if (request.nextUrl.pathname.startsWith('/_next/')) {
    const worker = withPolicy(NextResponse.next(), workerPolicy());
    // Its name does not change with the settings: kept for a year, it would bring the old policy along.
    worker.headers.set('cache-control', 'no-cache');
    return worker;
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = pagePolicy(nonce);
  const headers = new Headers(request.headers);
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('content-security-policy', policy);
  return withPolicy(NextResponse.next({ request: { headers } }), policy);
}

/** With a fresh nonce for every page. */
function pagePolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === 'development';
  return [
    `default-src 'self'`,
    // wasm: the trainer. eval: only the development server's refresh needs it.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${isDevelopment ? ` 'unsafe-eval'` : ''}`,
    `worker-src 'self' blob:`,
    // Drag and drop, charts and menus position elements with style attributes.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** Workers have a policy of their own: they alone talk to the hub, and to nobody else. */
function workerPolicy(): string {
  return [
    `default-src 'none'`,
    `script-src 'self' blob: 'wasm-unsafe-eval'${process.env.NODE_ENV === 'development' ? ` 'unsafe-eval'` : ''}`,
    `worker-src 'self' blob:`,
    `connect-src 'self' ${hubSources().join(' ')}`,
  ].join('; ');
}

function withPolicy(response: NextResponse, policy: string): NextResponse {
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  // Pages, and the script with which every worker begins. API answers and other files are not documents.
  matcher: ['/((?!api/|_next/|models/demo|demo/|icon|favicon).*)', '/_next/static/chunks/turbopack-worker-:name.js'],
};
