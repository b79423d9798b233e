import { isIPv6 } from 'node:net';
import { forwardedValue } from './origin';

/** The server (cli/serve.ts) sets this header from the connection, and overwrites whatever a client sends in it. */
export const CLIENT_ADDRESS_HEADER = 'x-rescue-client-address';

/** The client's address: the connection's, or the one that the outermost of `hops` trusted proxies recorded. */
export function clientAddress(remote: string | undefined, forwardedFor: string | undefined, hops: number): string {
  return forwardedValue(forwardedFor, hops) ?? remote ?? 'unknown';
}

/** What usually belongs to one household: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  // URL normalises any spelling to the short form, from which the first four of eight groups are expanded.
  const [left = '', right] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const start = left === '' ? [] : left.split(':');
  const end = right ? right.split(':') : [];
  const zeros = right === undefined ? 0 : 8 - start.length - end.length;
  return [...start, ...Array<string>(zeros).fill('0'), ...end].slice(0, 4).join(':');
}
