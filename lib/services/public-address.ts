/** Which addresses a webhook may reach: those of the public internet, as the server connects to them. */
import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/** Global unicast: every IPv6 address that is in use is one of these. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Not loopback, private, link-local, multicast or reserved, nor an IPv4 address of such a kind in the clothes of IPv6. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Mapped IPv4 addresses become what they stand for.
  const parsed = ipaddr.process(address);
  // Ranges that translate to IPv4 (6to4, Teredo, NAT64) have names of their own, and are not let through.
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(...GLOBAL_IPV6);
}

/** The host of an address as it was written: names are looked at when they are resolved. */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || isPublicAddress(host);
}

/** Whether the address may be sent to as it was written: encrypted, and to no host of a private network. */
export const isPublicTarget = ({ protocol, hostname }: URL): boolean => protocol === 'https:' && isPublicHost(hostname);

/**
 * Resolves a name for a connection, which is made to these very addresses: a name that has another answer for the next
 * question changes nothing.
 */
export const publicLookup =
  (resolve: typeof lookUp = lookUp): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(new PrivateAddressError(`${hostname} is not a public address.`), '', 0);
      }
      if (options.all) return done(null, addresses);
      done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
