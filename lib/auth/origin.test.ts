import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressGroup, clientAddress } from './client-address';
import { configuredOrigin, forwardedValue, isSameOrigin, linkOrigin, serverOrigin, trustedHops } from './origin';

beforeEach(() => vi.stubEnv('BASE_URL', ''));
afterEach(() => vi.unstubAllEnvs());

describe('BASE_URL', () => {
  it.each([
    ['https://rescue.example.org', 'https://rescue.example.org'],
    ['https://rescue.example.org/', 'https://rescue.example.org'],
    ['HTTP://Rescue.example.org:8080', 'http://rescue.example.org:8080'],
    ['', null],
    ['/', null],
  ])('%s is %s', (value, origin) => {
    vi.stubEnv('BASE_URL', value);
    expect(configuredOrigin()).toBe(origin);
  });

  it.each([
    ['https://example.org/rescue', /must end after the host.*a host name of its own/],
    ['https://example.org/?a', /must end after the host/],
    ['example.org', /must begin with http/],
    ['https://', /must begin with http/],
  ])('%s is refused in a sentence', (value, sentence) => {
    vi.stubEnv('BASE_URL', value);
    expect(configuredOrigin).toThrow(sentence);
  });
});

describe('TRUST_PROXY', () => {
  it('counts proxies from the right: forged entries are further left', () => {
    const list = 'made-up, client, inner-proxy';
    expect([0, 1, 2].map((hops) => forwardedValue(list, hops))).toEqual([undefined, 'inner-proxy', 'client']);
    expect(forwardedValue('client', 2)).toBe('client');
    expect(clientAddress('10.0.0.1', list, 2)).toBe('client');
    expect(clientAddress('10.0.0.1', list, 0)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', undefined, 1)).toBe('10.0.0.1');
  });

  it('is a number of proxies, or refused in a sentence', () => {
    expect(trustedHops()).toBe(0);
    vi.stubEnv('TRUST_PROXY', '2');
    expect(trustedHops()).toBe(2);
    for (const value of ['yes', 'true', '-1', '10', '1.5']) {
      vi.stubEnv('TRUST_PROXY', value);
      expect(trustedHops).toThrow(/must be the number of proxies/);
    }
  });

  it('without it, forwarded headers are ignored', () => {
    const headers = new Headers({
      host: 'here:3000',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });
    expect(serverOrigin(headers)).toBe('http://here:3000');
    vi.stubEnv('TRUST_PROXY', '1');
    expect(serverOrigin(headers)).toBe('https://evil.example');
  });
});

describe('a link for somebody else', () => {
  const asked = (host: string) => linkOrigin(new Headers({ host, 'x-forwarded-host': 'evil.example' }));

  it('begins with BASE_URL, whatever host was asked for', () => {
    vi.stubEnv('BASE_URL', 'https://rescue.example.org');
    expect(asked('evil.example')).toBe('https://rescue.example.org');
  });

  it('else with the host that was asked for where that names this machine', () => {
    expect(asked('localhost:3000')).toBe('http://localhost:3000');
    expect(asked('127.0.0.1:3000')).toBe('http://127.0.0.1:3000');
    expect(asked(`${hostname()}:3000`)).toBe(`http://${hostname().toLowerCase()}:3000`);
  });

  it.each(['evil.example', 'localhost.evil.example', 'localhost@evil.example', '203.0.113.9', '', 'a b', '::'])(
    'never with another one: %s',
    (host) => {
      vi.stubEnv('PORT', '4321');
      vi.stubEnv('TRUST_PROXY', '1');
      expect(asked(host)).toBe('http://localhost:4321');
    },
  );
});

it('a malformed Host gives no origin and no error', () => {
  for (const host of ['a b', '[', 'x:99999', '%']) {
    expect(isSameOrigin(new Headers({ host, origin: `http://${host}` }))).toBe(false);
  }
});

it('the addresses of one household are one group', () => {
  expect(addressGroup('192.0.2.1')).toBe('192.0.2.1');
  expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0db8:0001:0002:1:2:3:4'].map(addressGroup);
  expect(new Set(same)).toEqual(new Set(['2001:db8:1:2']));
  expect(addressGroup('2001:db8:1:3::1')).toBe('2001:db8:1:3');
  expect(addressGroup('::1')).toBe('0:0:0:0');
  expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(addressGroup('unknown')).toBe('unknown');
});
