/**
 * This server's own address as the browser sees it: BASE_URL, else the host that was asked for. Behind a proxy that
 * ends TLS, set BASE_URL; TRUST_PROXY=1 also believes the proxy's X-Forwarded headers.
 */
export function ownOrigin(headers: Headers): string {
  const configured = configuredOrigin();
  if (configured) return configured;
  const trusted = process.env.TRUST_PROXY === '1';
  const protocol = (trusted && first(headers.get('x-forwarded-proto'))) || 'http';
  const host = (trusted && first(headers.get('x-forwarded-host'))) || headers.get('host') || 'localhost';
  return new URL(`${protocol === 'https' ? 'https' : 'http'}://${host}`).origin;
}

/** BASE_URL's origin, null when it is not set. @throws when it is no address. */
export function configuredOrigin(): string | null {
  const configured = process.env.BASE_URL;
  // Vite, and so vitest, sets a BASE_URL of its own: '/'.
  if (!configured || configured === '/') return null;
  if (!/^https?:\/\//.test(configured)) throw new Error(`BASE_URL is ${configured}; it must begin with http(s)://`);
  return new URL(configured).origin;
}

/**
 * Whether a request that changes something comes from this server's own pages. Browsers send Origin with every such
 * request, so one without it does not come from a page; it must then say so itself by sending the right Origin.
 */
export function isSameOrigin(headers: Headers): boolean {
  return headers.get('origin') === ownOrigin(headers);
}

function first(list: string | null): string | undefined {
  return list?.split(',')[0]?.trim() || undefined;
}
