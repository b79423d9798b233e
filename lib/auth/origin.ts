/**
 * The server's own origin: BASE_URL, else the requested host. Behind a proxy, set BASE_URL. TRUST_PROXY is the number
 * of proxies in front, and that many entries of X-Forwarded headers are trusted.
 */
import { hostname, networkInterfaces } from 'node:os';

/** The server's origin as browsers see it, with which the Origin header of changes is compared. */
export function serverOrigin(headers: Headers): string {
  const configured = configuredOrigin();
  if (configured) return configured;
  const hops = trustedHops();
  const protocol = forwardedValue(headers.get('x-forwarded-proto'), hops) ?? 'http';
  const host = forwardedValue(headers.get('x-forwarded-host'), hops) ?? headers.get('host') ?? 'localhost';
  return toOrigin(protocol === 'https' ? 'https' : 'http', host) ?? 'http://localhost';
}

/**
 * The origin for links that are given to other people: BASE_URL, else the requested host if it names this machine. The
 * client chooses the Host header, so an unknown host must never get into an invitation link.
 */
export function linkOrigin(headers: Headers): string {
  const configured = configuredOrigin();
  if (configured) return configured;
  const requestedOrigin = toOrigin('http', headers.get('host') ?? '');
  return requestedOrigin && isLocalHost(new URL(requestedOrigin).hostname)
    ? requestedOrigin
    : `http://localhost:${process.env.PORT ?? 3000}`;
}

/** BASE_URL's origin; null when it is not set. @throws Error when it is not a URL, or has a path */
export function configuredOrigin(): string | null {
  const configured = process.env.BASE_URL;
  // Vite, and therefore vitest, sets BASE_URL to '/'.
  if (!configured || configured === '/') return null;
  if (!/^https?:\/\//i.test(configured) || !URL.canParse(configured)) {
    throw new Error(`BASE_URL is ${configured}; it must begin with http(s):// and be an address`);
  }
  const { origin, pathname, search, hash } = new URL(configured);
  if (pathname !== '/' || search || hash) {
    const normalized = 'Rescue Studio needs a host name of its own, such as https://rescue.example.org';
    throw new Error(`BASE_URL is ${configured}; it must end after the host. ${normalized}.`);
  }
  return origin;
}

/** The number of proxies in front of this server. @throws Error when TRUST_PROXY is not a digit */
export function trustedHops(): number {
  const configured = process.env.TRUST_PROXY || '0';
  if (!/^\d$/.test(configured)) {
    throw new Error(`TRUST_PROXY is ${configured}; it must be the number of proxies in front, 0 to 9`);
  }
  return Number(configured);
}

/**
 * The entry of an X-Forwarded header that the outermost trusted proxy wrote. Each proxy appends an entry on the right,
 * so entries that a client forged are further left.
 */
export function forwardedValue(list: string | null | undefined, hops: number): string | undefined {
  if (!list || hops === 0) return undefined;
  const entries = list.split(',').map((entry) => entry.trim());
  return entries[Math.max(0, entries.length - hops)] || undefined;
}

/**
 * Whether a request that changes something comes from this server's own pages. Browsers send Origin with every such
 * request; other clients have to send the right Origin too.
 */
export function isSameOrigin(headers: Headers): boolean {
  return headers.get('origin') === serverOrigin(headers);
}

function toOrigin(protocol: string, host: string): string | null {
  const address = `${protocol}://${host}`;
  return host !== '' && URL.canParse(address) ? new URL(address).origin : null;
}

function isLocalHost(host: string): boolean {
  const unbracketed = host.replace(/^\[|\]$/g, '');
  if (['localhost', hostname().toLowerCase()].includes(unbracketed)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === unbracketed));
}
