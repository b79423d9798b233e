import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeNext } from './safe-next';

const site = 'https://rescue.example.org';

describe('safeNext', () => {
  it.each(['/projects/1/annotate', '/people?tab=invites', '/a#b', '/search?q=//x', '/%2Fevil.example'])(
    'keeps a path of this site: %s',
    (path) => {
      expect(safeNext(path)).toBe(path);
    },
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example/',
    '/..//evil.example/',
    '/x/..//evil.example/',
    '/./\\evil.example',
    '/%2e//evil.example',
    '/%2E%2e/\\evil.example',
    '/.\n//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    null,
    undefined,
  ])('goes home for anything else: %s', (next) => {
    expect(safeNext(next)).toBe('/');
  });

  it('never leads to another origin (property)', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\t',
      '\n',
      ' ',
      '@',
      ':',
      '?',
      '#',
      'evil',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const next = safeNext(`/${parts.join('')}`);
        expect(next.startsWith('/')).toBe(true);
        expect(new URL(next, site).origin).toBe(site);
        // A second reader, such as the router, comes to the same place.
        expect(safeNext(next)).toBe(next);
      }),
      { numRuns: 5_000 },
    );
  });
});
