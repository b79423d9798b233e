import { isIPv6 } from 'node:net';
import { fromProxy } from './origin';

/** Set by the server itself (cli/serve.ts) from the connection; what a client sends under this name is overwritten there. */
export const CLIENT_ADDRESS_HEADER = 'x-rescue-client-address';

/** The address that a request came from: the connection's, or what the outermost of `hops` trusted proxies saw. */
export function clientAddress(remote: string | undefined, forwardedFor: string | undefined, hops: number): string {
  return fromProxy(forwardedFor, hops) ?? remote ?? 'unknown';
}

/** What one household or machine may call its own: an IPv4 address, or the 64 bits that begin an IPv6 address. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  // A URL writes the short form of any spelling; the left half of eight groups is what counts.
  const [left = '', right] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const begin = left === '' ? [] : left.split(':');
  const end = right ? right.split(':') : [];
  const zeros = right === undefined ? 0 : 8 - begin.length - end.length;
  return [...begin, ...Array<string>(zeros).fill('0'), ...end].slice(0, 4).join(':');
}
