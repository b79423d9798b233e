/** What is told apart before anything else looks at a request, and what an outage is called. */
import { describe, expect, it } from 'vitest';
import { findUnstorable } from '@/lib/schemas/storable';
import { findMalformation } from './malformed-requests';
import { isOutOfRange, outageRefusal } from './outage';
import { errorResponse } from './route';
import { describeStartFailure } from './start-failure';

const failed = (code: string, message = code) => Object.assign(new Error(message), { code });
const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('a value that cannot be stored', () => {
  it.each([
    ['the NUL character', { a: [{ b: 'x\0' }] }, ['a', 0, 'b'], 'issues.nulCharacter'],
    ['half a surrogate pair', ['\ud83d'], [0], 'issues.halfSurrogate'],
    ['the other half', { text: 'a\ude00b' }, ['text'], 'issues.halfSurrogate'],
    ['NUL in a key', { a: { 'x\0': 1 } }, ['a'], 'issues.nulCharacter'],
    ['a depth of 5,000', { filters: nested(5_000) }, [], 'issues.tooDeep'],
  ])('%s is named with its field', (_, value, path, key) => {
    expect(findUnstorable(value)).toMatchObject({ path, reason: { key } });
  });

  it('is no pair, no depth that somebody uses, and no other type', () => {
    expect(findUnstorable({ a: ['😀', null, 1.5, true, ''], b: nested(60) })).toBeNull();
  });
});

describe('a malformed request', () => {
  const asked = (method: string, url: string, host?: string) =>
    findMalformation({ method, url, headers: { host } })?.key;

  it.each(['/%ff', '/projects/%00', '/api/projects/%ED%A0%80/work', '/%', '/api/%E0%A4%A', '*', 'http://other/'])(
    'has the path %s',
    (path) => {
      expect(asked('GET', path, 'localhost:3000')).toBe('oddAddress');
    },
  );

  it.each(['', ' ', 'a b', 'a/b', 'user@host', 'host:x', 'host:99999', '[::1', 'h\u00e9', 'a,b', '<x>', 'a#b', 'a?b'])(
    'has the Host %j',
    (host) => {
      expect(asked('GET', '/', host)).toBe('oddHost');
    },
  );

  it('sends something to a page', () => {
    expect(asked('POST', '/', 'localhost')).toBe('onlyRead');
    expect(asked('PUT', '/apiary', 'localhost')).toBe('onlyRead');
  });

  it('is none of these', () => {
    for (const host of [
      'localhost',
      'localhost:3000',
      '127.0.0.1:80',
      '[::1]:3000',
      'my_host.example.org',
      undefined,
    ]) {
      expect(asked('GET', '/projects/%E3%81%82?q=%ff', host)).toBeUndefined();
      expect(asked('POST', '/api/projects', host)).toBeUndefined();
    }
  });
});

describe('an outage', () => {
  const wrapped = (error: Error) => new Error('Failed query', { cause: error });
  it.each([
    ['serverDiskFull', failed('ENOSPC')],
    ['serverDiskFull', wrapped(failed('53100'))],
    ['serverDiskReadOnly', failed('EROFS')],
    ['databaseAway', wrapped(failed('ECONNREFUSED'))],
    ['databaseAway', wrapped(new AggregateError([failed('ECONNREFUSED'), failed('ECONNREFUSED')]))],
    ['databaseAway', wrapped(failed('57P01'))],
    ['databaseAway', wrapped(new Error('Connection terminated unexpectedly'))],
  ])('is told as %s, with 503 and when to try again', async (key, error) => {
    expect(outageRefusal(error)?.translatable.key).toBe(`refusals.${key}`);
    const answer = errorResponse(error, new Request('http://localhost/api/projects'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('does not include programming errors and values out of range', () => {
    expect(outageRefusal(new TypeError('x is undefined'))).toBeNull();
    expect(outageRefusal(wrapped(failed('22003')))).toBeNull();
    expect(isOutOfRange(wrapped(failed('22003')))).toBe(true);
    expect(isOutOfRange(wrapped(failed('23505')))).toBe(false);
  });

  it('at the start is reported with a sentence that says what to do', () => {
    const folder = (code: string) => describeStartFailure(failed(code), '/srv/data', '');
    expect(folder('EROFS')).toBe(
      'The data directory /srv/data lies on a file system that can only be read. Give it another folder with --data-dir or DATA_DIR.',
    );
    expect(folder('EACCES')).toContain('may not be written by this user');
    expect(folder('ENOSPC')).toContain('is full');
    const url = 'postgres://me:secret@db.example:6543/rescue';
    const postgres = (code: string) => describeStartFailure(wrapped(failed(code)), '/srv/data', url);
    expect(postgres('ECONNREFUSED')).toBe(
      'PostgreSQL at db.example:6543 does not answer (ECONNREFUSED). Start it, or correct DATABASE_URL.',
    );
    expect(postgres('28P01')).toBe('PostgreSQL at db.example:6543 refuses the user or the password in DATABASE_URL.');
    expect(postgres('3D000')).toContain('has no database rescue');
    expect(postgres('28P01')).not.toContain('secret');
    expect(describeStartFailure(failed('x', ''), '/srv/data', 'not an address')).toContain(
      'DATABASE_URL is no address',
    );
    expect(describeStartFailure(new Error('The lock is held.'), '/srv/data', '')).toBe('The lock is held.');
  });
});
