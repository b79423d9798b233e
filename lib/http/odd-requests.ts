/** Requests that no page of ours sends, told apart before Next sees them: it answers some of them with 500. */
import type { IncomingMessage } from 'node:http';

export type Oddity = { status: 400 | 405; key: 'oddAddress' | 'oddHost' | 'onlyRead' };

/** Null for a request as they should be. */
export function oddityOf({ method = 'GET', url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>) {
  const host = headers.host;
  if (host !== undefined && !isHost(host)) return odd(400, 'oddHost');
  const [path = ''] = url.split('?');
  if (!isPath(path)) return odd(400, 'oddAddress');
  const isApi = path === '/api' || path.startsWith('/api/');
  // Next would keep the first 10 MB of a body that is sent to a page.
  if (!isApi && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return odd(405, 'onlyRead');
  return null;
}

const odd = (status: Oddity['status'], key: Oddity['key']): Oddity => ({ status, key });

/** A name, an IPv4 address or an IPv6 address in brackets, maybe with a port. */
function isHost(host: string): boolean {
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`);
}

/** Begins with a slash, and its escapes are UTF-8 without the NUL character. */
function isPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}
