/**
 * Detects malformed requests that no page of the app sends, before Next sees them, which answers some of them with 500.
 */
import type { IncomingMessage } from 'node:http';

export type Malformation = { status: 400 | 405; key: 'oddAddress' | 'oddHost' | 'onlyRead' };

/** The reason to refuse a malformed request; null for a well-formed one. */
export function findMalformation({
  method = 'GET',
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>) {
  const host = headers.host;
  if (host !== undefined && !isHost(host)) return malformed(400, 'oddHost');
  const [path = ''] = url.split('?');
  if (!isPath(path)) return malformed(400, 'oddAddress');
  const isApi = path === '/api' || path.startsWith('/api/');
  // Next would buffer up to 10 MB of a body that is sent to a page.
  if (!isApi && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return malformed(405, 'onlyRead');
  return null;
}

const malformed = (status: Malformation['status'], key: Malformation['key']): Malformation => ({ status, key });

/** A host name, an IPv4 address or an IPv6 address in brackets, with an optional port. */
function isHost(host: string): boolean {
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`);
}

/** Whether it starts with a slash, and its percent-escapes are valid UTF-8 without NUL. */
function isPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}
