/**
 * This server's own address: BASE_URL, else the host that was asked for. Behind a proxy, set BASE_URL; TRUST_PROXY says
 * how many proxies stand in front, and that many entries of their X-Forwarded headers are believed.
 */
import { hostname, networkInterfaces } from 'node:os';

/** As the browser sees it: what the Origin of a change is compared with. */
export function ownOrigin(headers: Headers): string {
  const configured = configuredOrigin();
  if (configured) return configured;
  const hops = trustedHops();
  const protocol = fromProxy(headers.get('x-forwarded-proto'), hops) ?? 'http';
  const host = fromProxy(headers.get('x-forwarded-host'), hops) ?? headers.get('host') ?? 'localhost';
  return originOf(protocol === 'https' ? 'https' : 'http', host) ?? 'http://localhost';
}

/**
 * What a link for somebody else begins with: BASE_URL, else the host that was asked for where that names this machine.
 * Whoever sends a request chooses its Host, so no other one may come into a link that lets people in.
 */
export function linkOrigin(headers: Headers): string {
  const configured = configuredOrigin();
  if (configured) return configured;
  const asked = originOf('http', headers.get('host') ?? '');
  return asked && namesThisMachine(new URL(asked).hostname) ? asked : `http://localhost:${process.env.PORT ?? 3000}`;
}

/** BASE_URL's origin, null when it is not set. @throws when it is no address, or one with a path. */
export function configuredOrigin(): string | null {
  const configured = process.env.BASE_URL;
  // Vite, and so vitest, sets a BASE_URL of its own: '/'.
  if (!configured || configured === '/') return null;
  if (!/^https?:\/\//i.test(configured) || !URL.canParse(configured)) {
    throw new Error(`BASE_URL is ${configured}; it must begin with http(s):// and be an address`);
  }
  const { origin, pathname, search, hash } = new URL(configured);
  if (pathname !== '/' || search || hash) {
    const wanted = 'Rescue Studio needs a host name of its own, such as https://rescue.example.org';
    throw new Error(`BASE_URL is ${configured}; it must end after the host. ${wanted}.`);
  }
  return origin;
}

/** How many proxies stand in front of this server. @throws when TRUST_PROXY is no such number. */
export function trustedHops(): number {
  const configured = process.env.TRUST_PROXY || '0';
  if (!/^\d$/.test(configured)) {
    throw new Error(`TRUST_PROXY is ${configured}; it must be the number of proxies in front, 0 to 9`);
  }
  return Number(configured);
}

/**
 * The entry of an X-Forwarded header that the outermost trusted proxy wrote. Each proxy adds what it saw at the right,
 * so what a client made up stands further left than that.
 */
export function fromProxy(list: string | null | undefined, hops: number): string | undefined {
  if (!list || hops === 0) return undefined;
  const entries = list.split(',').map((entry) => entry.trim());
  return entries[Math.max(0, entries.length - hops)] || undefined;
}

/**
 * Whether a request that changes something comes from this server's own pages. Browsers send Origin with every such
 * request, so one without it does not come from a page; it must then say so itself by sending the right Origin.
 */
export function isSameOrigin(headers: Headers): boolean {
  return headers.get('origin') === ownOrigin(headers);
}

function originOf(protocol: string, host: string): string | null {
  const address = `${protocol}://${host}`;
  return host !== '' && URL.canParse(address) ? new URL(address).origin : null;
}

function namesThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (['localhost', hostname().toLowerCase()].includes(bare)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === bare));
}
